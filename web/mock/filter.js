import { customers } from './customers.js';

/** @typedef {import('./customers.js').Customer} Customer */

/** @type {Record<string, (customer: Customer) => string>} */
const LISTS = {
  segment: (c) => c.segment,
  score_segment: (c) => c.score_segment,
  cluster: (c) => String(c.cluster),
  country: (c) => c.country,
  r_score: (c) => String(c.r_score),
  f_score: (c) => String(c.f_score),
  m_score: (c) => String(c.m_score),
};

/** @type {Record<string, (customer: Customer) => number>} */
const RANGES = {
  recency: (c) => c.recency,
  frequency: (c) => c.frequency,
  monetary: (c) => Number(c.monetary),
};

/** The customers that the query leaves. @param {URLSearchParams} query */
export function filtered(query) {
  return customers.filter((customer) => {
    for (const [name, value] of Object.entries(LISTS)) {
      const chosen = query.getAll(name);
      if (chosen.length > 0 && !chosen.includes(value(customer))) return false;
    }
    for (const [name, value] of Object.entries(RANGES)) {
      const [low, high] = [query.get(`${name}_min`), query.get(`${name}_max`)];
      if (low !== null && value(customer) < Number(low)) return false;
      if (high !== null && value(customer) > Number(high)) return false;
    }
    return customer.customer_id.startsWith(query.get('search') ?? '');
  });
}

/** @param {Customer[]} list */
export function revenueOf(list) {
  return list.reduce((sum, { monetary }) => sum + Number(monetary), 0).toFixed(2);
}

/** @param {number[]} values @param {number} q */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? 0;
  return low + (high - low) * (at - Math.floor(at));
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** @template T @param {T[]} list @param {(item: T) => string} key */
export function groupBy(list, key) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const item of list) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
