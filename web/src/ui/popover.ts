const GAP = 4;

/** Puts an open popover under what opened it, or wherever near it there is room. */
export function placeBelow(popover: HTMLElement, opener: HTMLElement): void {
  const at = opener.getBoundingClientRect();
  const left = Math.min(at.left, window.innerWidth - popover.offsetWidth - GAP);
  const below = at.bottom + GAP;
  const fits = below + popover.offsetHeight <= window.innerHeight - GAP;
  const top = fits ? below : Math.max(GAP, window.innerHeight - popover.offsetHeight - GAP);
  popover.style.left = `${Math.max(GAP, left)}px`;
  popover.style.top = `${top}px`;
}
