import type { SegmentPoints } from '../../api/segments';
import { compareSegments, type Scheme } from '../../lib/segments';

export interface PointGroups {
  /** Best first, outliers last. */
  names: string[];
  /** By index as the points: the index of the name. */
  of: Uint16Array;
}

const NONE = 'none';

/** The segments of a scheme among the points. */
export function pointGroups(points: SegmentPoints, scheme: Scheme): PointGroups {
  const nameOf = {
    rule: (i: number) => points.segment_names[points.segment[i] ?? -1],
    score: (i: number) => points.score_segment_names[points.score_segment[i] ?? -1],
    cluster: (i: number) => points.cluster[i]?.toString(),
  }[scheme];
  const all = points.customer_id.map((_, index) => nameOf(index) ?? NONE);
  const names = [...new Set(all)].sort((a, b) => compareSegments(scheme, a, b));
  const indexes = new Map(names.map((name, index) => [name, index]));
  return { names, of: Uint16Array.from(all, (name) => indexes.get(name) ?? 0) };
}
