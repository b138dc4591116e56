import { SvelteMap } from 'svelte/reactivity';

export interface Staleness {
  /** When the oldest data on the page was loaded, in milliseconds. */
  since: number;
  error: unknown;
}

const stale = new SvelteMap<object, Staleness>();

export function markStale(owner: object, staleness: Staleness): void {
  stale.set(owner, staleness);
}

export function clearStale(owner: object): void {
  stale.delete(owner);
}

/** One banner tells for the whole page. */
export function oldestStale(): Staleness | null {
  let oldest: Staleness | null = null;
  for (const one of stale.values()) {
    if (oldest === null || one.since < oldest.since) oldest = one;
  }
  return oldest;
}
