/** Of what is inside, this much is too little to tell of. */
const SLACK = 2;

/**
 * Attachment of what scrolls: `data-hidden` names the edges behind which there is more, and base.css fades
 * them. Scrollbars are not faded: their sizes are told with it.
 */
export function edges(node: HTMLElement): () => void {
  const look = (): void => {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = node;
    const hidden = [
      scrollLeft > SLACK ? 'left' : '',
      scrollLeft + clientWidth < scrollWidth - SLACK ? 'right' : '',
      scrollTop + clientHeight < scrollHeight - SLACK ? 'bottom' : '',
    ].filter((edge) => edge !== '');
    node.style.setProperty('--bar-right', `${node.offsetWidth - clientWidth}px`);
    node.style.setProperty('--bar-bottom', `${node.offsetHeight - clientHeight}px`);
    if (hidden.length === 0) delete node.dataset.hidden;
    else node.dataset.hidden = hidden.join(' ');
  };
  const observer = new ResizeObserver(look);
  observer.observe(node);
  for (const child of node.children) observer.observe(child);
  node.addEventListener('scroll', look, { passive: true });
  return () => {
    observer.disconnect();
    node.removeEventListener('scroll', look);
  };
}
