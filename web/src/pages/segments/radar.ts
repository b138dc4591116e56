import type { Profile } from '../../api/segments';

/** More shapes than this hide each other. */
export const SHAPES_MAX = 6;

export interface RadarShape {
  name: string;
  /** Of recency, frequency and monetary value, from 0 (least of all segments) to 1 (best). */
  values: [number, number, number];
}

/** The largest segments by their medians; few days since the last purchase are good. */
export function radarShapes(profiles: readonly Profile[]): RadarShape[] {
  const largest = profiles.toSorted((a, b) => b.customers - a.customers).slice(0, SHAPES_MAX);
  const most = (of: (profile: Profile) => number): number =>
    Math.max(Number.EPSILON, ...largest.map(of));
  const recency = most((profile) => profile.recency.median);
  const frequency = most((profile) => profile.frequency.median);
  const monetary = most((profile) => profile.monetary.median);
  return profiles
    .filter((profile) => largest.includes(profile))
    .map((profile) => ({
      name: profile.name,
      values: [
        1 - profile.recency.median / recency,
        profile.frequency.median / frequency,
        Math.max(0, profile.monetary.median / monetary),
      ],
    }));
}
