/** What the page's polite live region says: the newest news, at most one every five seconds. */

const INTERVAL_MS = 5_000;

const region = $state({ text: '' });
let lastAt = -Infinity;
let pending: ReturnType<typeof setTimeout> | undefined;

export function announcement(): string {
  return region.text;
}

export function announce(text: string): void {
  clearTimeout(pending);
  const wait = Math.max(0, lastAt + INTERVAL_MS - Date.now());
  pending = setTimeout(() => {
    lastAt = Date.now();
    region.text = text;
  }, wait);
}
