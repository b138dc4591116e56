import {
  array,
  integer,
  map,
  money,
  number,
  object,
  oneOf,
  orNull,
  string,
  unknown,
  type Decoded,
} from './decode';
import { get } from './http';
import type { Query } from './query';

export type SchemeName = 'rule' | 'score' | 'cluster';
/** Schemes whose history is kept. */
export type HistoryScheme = 'rule' | 'cluster';

const decodeRfm = object({ recency: number, frequency: number, monetary: number });

const decodeTotals = object({ customers: integer, revenue: money });

const decodeSegment = object({
  name: string,
  cluster: orNull(integer),
  description: orNull(string),
  recommendation: orNull(string),
  customers: integer,
  revenue: money,
  pct_of_customers: number,
  pct_of_revenue: orNull(number),
  mean: decodeRfm,
  median: decodeRfm,
});
export type Segment = Decoded<typeof decodeSegment>;

const decodeSegments = object({
  as_of_date: orNull(string),
  scheme: oneOf('rule', 'score', 'cluster'),
  totals: decodeTotals,
  filtered: decodeTotals,
  segments: array(decodeSegment),
  countries: array(object({ name: string, customers: integer })),
  filter_values: object({
    segments: array(string),
    score_segments: array(string),
    clusters: array(object({ cluster: integer, description: orNull(string) })),
    recency: array(integer),
    frequency: array(integer),
    monetary: array(money),
  }),
});
export type Segments = Decoded<typeof decodeSegments>;

const decodeGrid = object({
  cells: array(
    object({
      r_score: integer,
      f_score: integer,
      customers: integer,
      revenue: money,
      mean_monetary: number,
    }),
  ),
});
export type SegmentGrid = Decoded<typeof decodeGrid>;

const decodeBox = object({
  min: number,
  whisker_low: number,
  q1: number,
  median: number,
  q3: number,
  whisker_high: number,
  max: number,
  mean: number,
});
export type Box = Decoded<typeof decodeBox>;

const decodeProfile = object({
  name: string,
  customers: integer,
  recency: decodeBox,
  frequency: decodeBox,
  monetary: decodeBox,
});
export type Profile = Decoded<typeof decodeProfile>;

const decodeProfiles = object({
  scheme: string,
  overall: decodeProfile,
  profiles: array(decodeProfile),
});
export type SegmentProfiles = Decoded<typeof decodeProfiles>;

const decodePoints = object({
  total: integer,
  customer_id: array(string),
  recency: array(integer),
  frequency: array(integer),
  monetary: array(number),
  cluster: array(orNull(integer)),
  segment: array(integer),
  score_segment: array(integer),
  segment_names: array(string),
  score_segment_names: array(string),
});
export type SegmentPoints = Decoded<typeof decodePoints>;

const decodeModel = object({
  as_of_date: string,
  version: integer,
  previous_version: orNull(integer),
  training_table: string,
  training_table_version: integer,
  training_rows: integer,
  k: integer,
  best_k: orNull(integer),
  curvature_elbow: orNull(integer),
  inertia: number,
  silhouette: orNull(number),
  silhouette_rows: integer,
  davies_bouldin: orNull(number),
  calinski_harabasz: orNull(number),
  centroid_shift: orNull(number),
  population_stability: orNull(number),
  parameters: map(unknown),
  k_search: array(
    object({
      k: integer,
      inertia: number,
      silhouette: orNull(number),
      chord_distance: orNull(number),
      combined: orNull(number),
    }),
  ),
  clusters: array(object({ id: integer, size: integer, centroid: orNull(map(number)) })),
  outlier_rule: orNull(
    object({ features: array(string), low: array(number), high: array(number) }),
  ),
});
export type SegmentModel = Decoded<typeof decodeModel>;

const decodeHistory = object({
  scheme: string,
  dates: array(string),
  series: array(object({ name: string, customers: array(integer), revenue: array(money) })),
});
export type SegmentHistory = Decoded<typeof decodeHistory>;

const decodeMovement = object({
  scheme: string,
  dates: array(string),
  from: orNull(string),
  to: orNull(string),
  moves: array(object({ from: string, to: string, customers: integer, revenue: money })),
});
export type SegmentMovement = Decoded<typeof decodeMovement>;

/** What the filters of the segment pages choose; the API's own parameters. */
export interface CustomerFilter extends Query {
  segment?: readonly string[];
  score_segment?: readonly string[];
  cluster?: readonly string[];
  country?: readonly string[];
  r_score?: readonly string[];
  f_score?: readonly string[];
  m_score?: readonly string[];
  recency_min?: string;
  recency_max?: string;
  frequency_min?: string;
  frequency_max?: string;
  monetary_min?: string;
  monetary_max?: string;
  search?: string;
}

export function getSegments(
  scheme: SchemeName,
  filter: CustomerFilter,
  signal: AbortSignal,
): Promise<Segments> {
  return get('/segments', decodeSegments, { scheme, ...filter }, signal);
}

export function getSegmentGrid(filter: CustomerFilter, signal: AbortSignal): Promise<SegmentGrid> {
  return get('/segments/grid', decodeGrid, filter, signal);
}

export function getSegmentProfiles(
  scheme: SchemeName,
  filter: CustomerFilter,
  signal: AbortSignal,
): Promise<SegmentProfiles> {
  return get('/segments/profiles', decodeProfiles, { scheme, ...filter }, signal);
}

export function getSegmentPoints(
  filter: CustomerFilter,
  signal: AbortSignal,
): Promise<SegmentPoints> {
  return get('/segments/points', decodePoints, filter, signal);
}

export function getSegmentModel(signal: AbortSignal): Promise<SegmentModel> {
  return get('/segments/model', decodeModel, {}, signal);
}

export function getSegmentHistory(
  scheme: HistoryScheme,
  signal: AbortSignal,
): Promise<SegmentHistory> {
  return get('/segments/history', decodeHistory, { scheme }, signal);
}

/** Without dates: the newest as-of date and the one before it. */
export function getSegmentMovement(
  query: { scheme: HistoryScheme; from: string | null; to: string | null },
  signal: AbortSignal,
): Promise<SegmentMovement> {
  return get('/segments/movement', decodeMovement, query, signal);
}
