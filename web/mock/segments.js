import { AS_OF_DATE, customers } from './customers.js';
import { filtered, groupBy, mean, quantile, revenueOf } from './filter.js';

/** @typedef {import('./customers.js').Customer} Customer */

const ADVICE =
  'Thank them with exclusive perks and a personal contact; ask for reviews and referrals.';

/** @param {string} scheme @returns {(customer: Customer) => string} */
function nameIn(scheme) {
  if (scheme === 'cluster') return (c) => String(c.cluster);
  return scheme === 'score' ? (c) => c.score_segment : (c) => c.segment;
}

/** @param {Customer[]} list @param {(values: number[]) => number} measure */
function rfm(list, measure) {
  return {
    recency: measure(list.map((c) => c.recency)),
    frequency: measure(list.map((c) => c.frequency)),
    monetary: measure(list.map((c) => Number(c.monetary))),
  };
}

/** @param {Customer[]} list */
const totals = (list) => ({ customers: list.length, revenue: revenueOf(list) });

/** @param {number[]} values */
const extent = (values) => [Math.min(...values), Math.max(...values)];

/** @param {URLSearchParams} query */
export function segments(query) {
  const scheme = query.get('scheme') ?? 'rule';
  const left = filtered(query);
  const revenue = Number(revenueOf(left));
  const list = [...groupBy(left, nameIn(scheme))].map(([name, group]) => ({
    name,
    cluster: scheme === 'cluster' ? Number(name) : null,
    description: scheme === 'cluster' ? (group[0]?.cluster_description ?? null) : null,
    recommendation: scheme === 'score' ? null : ADVICE,
    ...totals(group),
    pct_of_customers: (100 * group.length) / left.length,
    pct_of_revenue: (100 * Number(revenueOf(group))) / revenue,
    mean: rfm(group, mean),
    median: rfm(group, (values) => quantile(values, 0.5)),
  }));
  return {
    as_of_date: AS_OF_DATE,
    scheme,
    totals: totals(customers),
    filtered: totals(left),
    segments: list.sort((a, b) => Number(b.revenue) - Number(a.revenue)),
    countries: [...groupBy(customers, (c) => c.country)]
      .map(([name, group]) => ({ name, customers: group.length }))
      .sort((a, b) => b.customers - a.customers),
    filter_values: {
      segments: [...groupBy(customers, (c) => c.segment).keys()].sort(),
      score_segments: [...groupBy(customers, (c) => c.score_segment).keys()].sort(),
      clusters: [...groupBy(customers, (c) => String(c.cluster))].map(([name, group]) => ({
        cluster: Number(name),
        description: group[0]?.cluster_description ?? null,
      })),
      recency: extent(customers.map((c) => c.recency)),
      frequency: extent(customers.map((c) => c.frequency)),
      monetary: extent(customers.map((c) => Number(c.monetary))).map((value) => value.toFixed(2)),
    },
  };
}

/** @param {URLSearchParams} query */
export function grid(query) {
  const cells = groupBy(filtered(query), (c) => `${c.r_score} ${c.f_score}`);
  return {
    cells: [...cells].map(([key, group]) => {
      const [r, f] = key.split(' ').map(Number);
      const revenue = revenueOf(group);
      return {
        r_score: r,
        f_score: f,
        customers: group.length,
        revenue,
        mean_monetary: Number(revenue) / group.length,
      };
    }),
  };
}

/** @param {number[]} values */
function box(values) {
  const [q1, q3] = [quantile(values, 0.25), quantile(values, 0.75)];
  const inside = values.filter((v) => v >= q1 - 1.5 * (q3 - q1) && v <= q3 + 1.5 * (q3 - q1));
  const [min, max] = extent(values);
  const [whisker_low, whisker_high] = extent(inside);
  return {
    min,
    whisker_low,
    q1,
    median: quantile(values, 0.5),
    q3,
    whisker_high,
    max,
    mean: mean(values),
  };
}

/** @param {string} name @param {Customer[]} list */
function profile(name, list) {
  return {
    name,
    customers: list.length,
    recency: box(list.map((c) => c.recency)),
    frequency: box(list.map((c) => c.frequency)),
    monetary: box(list.map((c) => Number(c.monetary))),
  };
}

/** @param {URLSearchParams} query */
export function profiles(query) {
  const scheme = query.get('scheme') ?? 'rule';
  const left = filtered(query);
  const groups = groupBy(left, nameIn(scheme));
  return {
    scheme,
    overall: profile('overall', left),
    profiles: [...groups].map(([n, g]) => profile(n, g)),
  };
}

/** @param {URLSearchParams} query */
export function points(query) {
  const left = filtered(query);
  const segmentNames = [...groupBy(left, (c) => c.segment).keys()];
  const scoreNames = [...groupBy(left, (c) => c.score_segment).keys()];
  return {
    total: left.length,
    customer_id: left.map((c) => c.customer_id),
    recency: left.map((c) => c.recency),
    frequency: left.map((c) => c.frequency),
    monetary: left.map((c) => Number(c.monetary)),
    cluster: left.map((c) => c.cluster),
    segment: left.map((c) => segmentNames.indexOf(c.segment)),
    score_segment: left.map((c) => scoreNames.indexOf(c.score_segment)),
    segment_names: segmentNames,
    score_segment_names: scoreNames,
  };
}

const INERTIA = [
  4658.61, 3051.07, 2431.36, 2094.01, 1775.63, 1580.77, 1402.85, 1300.73, 1205.87, 1126.93, 1060.62,
];
const SILHOUETTE = [
  0.4411, 0.3851, 0.3592, 0.3639, 0.3295, 0.3175, 0.328, 0.3072, 0.3088, 0.3107, 0.3186,
];
const CHORD = [0, 0.2452, 0.2963, 0.2919, 0.2837, 0.2513, 0.2156, 0.1649, 0.1129, 0.0577, 0];
const COMBINED = [
  0.6, 0.855, 0.8887, 0.8891, 0.8313, 0.7712, 0.7372, 0.6406, 0.5724, 0.5005, 0.4335,
];

export function model() {
  const groups = [...groupBy(customers, (c) => String(c.cluster))];
  return {
    as_of_date: AS_OF_DATE,
    version: 1,
    previous_version: null,
    training_table: 'retail_analytics.dlt.customer_rfm_gold',
    training_table_version: 0,
    training_rows: customers.length,
    k: 5,
    best_k: 5,
    curvature_elbow: 3,
    inertia: INERTIA[3],
    silhouette: SILHOUETTE[3],
    silhouette_rows: 2921,
    davies_bouldin: 1.0438,
    calinski_harabasz: 2321.72,
    centroid_shift: null,
    population_stability: null,
    parameters: {
      features: ['Monetary', 'Frequency', 'Recency'],
      outliers: 'iqr',
      k_min: 2,
      k_max: 12,
      seed: 42,
    },
    k_search: INERTIA.map((inertia, index) => ({
      k: index + 2,
      inertia,
      silhouette: SILHOUETTE[index],
      chord_distance: CHORD[index],
      combined: COMBINED[index],
    })),
    clusters: groups.map(([id, group]) => {
      const { recency, frequency, monetary } = rfm(group, mean);
      const centroid = { Monetary: monetary, Frequency: frequency, Recency: recency };
      return { id: Number(id), size: group.length, ...(Number(id) < 0 ? {} : { centroid }) };
    }),
    changes: [],
    outlier_rule: {
      features: ['Monetary', 'Frequency'],
      low: [-1500.2, -3.5],
      high: [3080.0475, 8.5],
    },
  };
}

const DATES = ['2026-04-24', '2026-04-27', '2026-04-30', AS_OF_DATE];

/** @param {URLSearchParams} query */
export function history(query) {
  const scheme = query.get('scheme') ?? 'rule';
  const series = [...groupBy(customers, nameIn(scheme))].map(([name, group], index) => ({
    name,
    customers: DATES.map((_, day) =>
      Math.round(group.length * (0.9 + 0.033 * day + 0.02 * Math.sin(day + index))),
    ),
    revenue: DATES.map((_, day) => (Number(revenueOf(group)) * (0.9 + 0.033 * day)).toFixed(2)),
  }));
  return { scheme, dates: DATES, series };
}

/** @param {URLSearchParams} query */
export function movement(query) {
  const scheme = query.get('scheme') ?? 'rule';
  const names = [...groupBy(customers, nameIn(scheme))];
  const moves = names.flatMap(([from, group], index) =>
    [0, 1, 3].map((step) => {
      const share = step === 0 ? 0.86 : 0.07;
      const to = names[(index + step) % names.length]?.[0] ?? from;
      const count = Math.max(1, Math.round(group.length * share));
      return { from, to, customers: count, revenue: (Number(revenueOf(group)) * share).toFixed(2) };
    }),
  );
  const first = names[0]?.[0] ?? '';
  moves.push({ from: '(new)', to: first, customers: 34, revenue: '15210.20' });
  moves.push({ from: first, to: '(gone)', customers: 3, revenue: '810.00' });
  return {
    scheme,
    dates: DATES,
    from: query.get('from') ?? '2026-04-30',
    to: query.get('to') ?? AS_OF_DATE,
    moves,
  };
}
