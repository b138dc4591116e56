import type { Scheme } from './segments';

/** The name of the filter that chooses segments of a scheme, in the API and in addresses. */
export const SCHEME_FILTER = {
  rule: 'segment',
  score: 'score_segment',
  cluster: 'cluster',
} as const satisfies Record<Scheme, string>;

/** The page of segments, with one of them chosen. */
export function segmentHref(scheme: Scheme, name: string): string {
  const search = new URLSearchParams({ [SCHEME_FILTER[scheme]]: name });
  if (scheme !== 'rule') search.set('scheme', scheme);
  return `/segments?${search.toString()}`;
}
