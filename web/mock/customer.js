import { AS_OF_DATE, customers, dayBefore } from './customers.js';
import { filtered } from './filter.js';
import { model } from './segments.js';

/** @typedef {import('./customers.js').Customer} Customer */

/** @type {Record<string, (customer: Customer) => string | number>} */
const SORT_KEYS = {
  customer_id: (c) => Number(c.customer_id),
  country: (c) => c.country,
  recency: (c) => c.recency,
  frequency: (c) => c.frequency,
  monetary: (c) => Number(c.monetary),
  segment: (c) => c.segment,
  score_segment: (c) => c.score_segment,
  cluster: (c) => c.cluster,
  last_order: (c) => c.last_order,
};

/** @param {URLSearchParams} query @param {number} total */
function slice(query, total) {
  const start = Number(query.get('cursor') ?? 0);
  const end = Math.min(total, start + Number(query.get('limit') ?? 50));
  return { start, end, next_cursor: end < total ? String(end) : null };
}

/** @param {URLSearchParams} query */
export function customerPage(query) {
  const sort = query.get('sort') ?? '-monetary';
  const key = SORT_KEYS[sort.replace(/^-/, '')] ?? SORT_KEYS['monetary'];
  const sign = sort.startsWith('-') ? -1 : 1;
  const left = filtered(query).sort((a, b) => {
    const [x, y] = [key?.(a) ?? 0, key?.(b) ?? 0];
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
  const { start, end, next_cursor } = slice(query, left.length);
  return { total: left.length, next_cursor, customers: left.slice(start, end) };
}

/** @param {Customer} c */
function why(c) {
  const features = [
    { name: 'Monetary', value: Number(c.monetary) },
    { name: 'Frequency', value: c.frequency },
    { name: 'Recency', value: c.recency },
  ];
  const { clusters, outlier_rule } = model();
  const nearest = clusters
    .flatMap(({ id, centroid }) => (centroid === undefined ? [] : [{ id, centroid }]))
    .map(({ id, centroid }) => {
      const values = [centroid.Monetary, centroid.Frequency, centroid.Recency];
      const scales = [700, 1.9, 60];
      const parts = features.map(({ value }, i) => (value - (values[i] ?? 0)) / (scales[i] ?? 1));
      return { cluster: id, distance: Math.hypot(...parts), centroid: values };
    })
    .sort((a, b) => a.distance - b.distance);
  const fences = outlier_rule.features.map((feature, i) => ({
    feature,
    value: features[i]?.value ?? 0,
    low: outlier_rule.low[i] ?? 0,
    high: outlier_rule.high[i] ?? 0,
  }));
  const beyond = fences.filter(({ value, low, high }) => value < low || value > high);
  return {
    model_version: 1,
    outlier: c.cluster < 0,
    features,
    nearest,
    fences: c.cluster < 0 ? beyond : [],
  };
}

/** @param {string} id */
export function customer(id) {
  const c = customers.find(({ customer_id }) => customer_id === id);
  if (c === undefined) return null;
  const monetary = Number(c.monetary);
  return {
    profile: c,
    life: {
      first_order: dayBefore(c.recency + 40),
      last_order: c.last_order,
      orders: c.frequency,
      lines: c.frequency * 21,
      units: c.frequency * 260,
      products: c.frequency * 17,
      revenue: (monetary * 1.02).toFixed(2),
      average_order_value: (monetary / c.frequency).toFixed(2),
      active_days: c.frequency,
      customer_days: c.recency + 40,
    },
    recommendation: 'Thank them with exclusive perks and a personal contact.',
    cluster_recommendation: 'Make the first experience good: delivery news, care instructions.',
    why: why(c),
    rule_why: { median_recency: 152, median_frequency: 2, median_monetary: 603.1 },
    revenue_by_month: [
      '2025-07',
      '2025-08',
      '2025-09',
      '2025-10',
      '2025-11',
      '2025-12',
      '2026-01',
    ].map((month, index) => ({
      month,
      revenue: ((monetary * (1 + index)) / 28).toFixed(2),
      orders: index % 3,
    })),
    history: [3, 2, 1, 0].map((back) => ({
      as_of_date: back === 0 ? AS_OF_DATE : dayBefore(back * 3),
      recency: c.recency - back * 3,
      frequency: Math.max(1, c.frequency - (back > 1 ? 1 : 0)),
      monetary: (monetary * (1 - back * 0.04)).toFixed(2),
      segment: back > 1 ? 'Base Value - Developing' : c.segment,
      cluster: c.cluster,
    })),
  };
}

/** @param {string} id @param {URLSearchParams} query */
export function orders(id, query) {
  const c = customers.find(({ customer_id }) => customer_id === id);
  const total = c?.frequency ?? 0;
  const { start, end, next_cursor } = slice(query, total);
  const value = (Number(c?.monetary ?? 0) / Math.max(1, total) / 3).toFixed(2);
  const list = Array.from({ length: end - start }, (_, index) => ({
    invoice: `${index === 1 ? 'C' : ''}${536365 + start + index}`,
    date: dayBefore((c?.recency ?? 0) + (start + index) * 9),
    cancelled: index === 1,
    units: 36,
    revenue: (Number(value) * 3).toFixed(2),
    lines: ['WHITE HANGING HEART T-LIGHT HOLDER', '<img src=x onerror=alert(1)>', null].map(
      (description, line) => ({
        stock_code: `8512${line}A`,
        description,
        quantity: 12,
        unit_price: '2.55',
        total: value,
      }),
    ),
  }));
  return { total, next_cursor, orders: list };
}
