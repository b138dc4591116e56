import { randomSource } from './random.js';

/**
 * @typedef {{customer_id: string, country: string, last_order: string, recency: number, frequency: number,
 *   monetary: string, r_score: number, f_score: number, m_score: number, segment: string,
 *   score_segment: string, cluster: number, cluster_description: string}} Customer
 */

export const AS_OF_DATE = '2026-05-01';
const COUNT = 3291;
const random = randomSource(42);

/** About normal, by the central limit theorem. */
const bell = () => random() + random() + random() + random() - 2;

/** @param {number} daysBefore */
export function dayBefore(daysBefore) {
  return new Date(Date.parse(AS_OF_DATE) - daysBefore * 86_400_000).toISOString().slice(0, 10);
}

/** @type {[number, string][]} */
const COUNTRIES = [
  [0.905, 'United Kingdom'],
  [0.928, 'Germany'],
  [0.95, 'France'],
  [0.958, 'EIRE'],
  [0.966, 'Spain'],
  [0.974, 'Belgium'],
  [0.981, 'Portugal'],
  [0.987, 'Netherlands'],
  [0.992, 'Channel Islands'],
  [0.996, 'RSA'],
  [1, '<b>Unspecified</b>'],
];

const DESCRIPTIONS = new Map([
  [0, 'Bronze New'],
  [1, 'Gold Champions'],
  [2, 'Silver Loyalists'],
  [3, 'Bronze Hibernating'],
  [4, 'Gold Loyalists'],
  [-1, 'Platinum Champions'],
  [-2, 'Platinum Champions'],
  [-3, 'Platinum Champions'],
]);

/** @param {number} frequency @param {number} monetary @param {number} recency */
function clusterOf(frequency, monetary, recency) {
  if (monetary > 3080 && frequency > 8) return -3;
  if (monetary > 3080) return -1;
  if (frequency > 8) return -2;
  if (monetary > 1500) return frequency > 4 ? 1 : 4;
  if (recency > 175) return 3;
  return frequency > 2 ? 2 : 0;
}

/** @param {number} r @param {number} f @param {number} m */
function scoreName(r, f, m) {
  const value = (f + m) / 2;
  if (r >= 4)
    return value >= 4
      ? 'Champions'
      : value >= 3
        ? 'Loyal'
        : value >= 2
          ? 'Potential Loyalist'
          : 'New';
  if (r === 3) return value >= 3 ? 'Need Attention' : value >= 2 ? 'About to Sleep' : 'Promising';
  if (value >= 4.5) return 'Cannot Lose Them';
  return value >= 3 ? 'At Risk' : r === 2 ? 'Hibernating' : 'Lost';
}

/** @param {number} recency @param {number} frequency @param {number} monetary */
function ruleName(recency, frequency, monetary) {
  const tier = monetary > 1200 ? 'High Value' : monetary > 650 ? 'Growing Value' : 'Base Value';
  const recent = recency < 150;
  const often = frequency > 2;
  const state =
    recent && often ? 'Active & Engaged' : often ? 'At Risk' : recent ? 'Developing' : 'Inactive';
  return `${tier} - ${state}`;
}

/** @param {number} index */
function draw(index) {
  const activity = bell();
  const frequency = Math.max(1, Math.round(Math.exp(0.75 + activity * 1.25)));
  const monetary = Math.exp(5.65 + activity * 1.15 + bell() * 0.9) * (1 + frequency / 14);
  const recency = Math.round(90 + 215 * Math.pow(random(), 1 + Math.max(0, activity)));
  return { customer_id: String(12346 + index), frequency, monetary, recency };
}

const drawn = Array.from({ length: COUNT }, (_, index) => draw(index));

/** @param {(row: ReturnType<typeof draw>) => number} value @returns {(row: ReturnType<typeof draw>) => number} */
function fifths(value) {
  const sorted = drawn.map(value).sort((a, b) => a - b);
  const bounds = [0.2, 0.4, 0.6, 0.8].map((q) => sorted[Math.floor(q * sorted.length)] ?? 0);
  return (row) => 1 + bounds.filter((bound) => value(row) > bound).length;
}

const rScore = fifths(({ recency }) => -recency);
const fScore = fifths(({ frequency, recency }) => frequency - recency / 1000);
const mScore = fifths(({ monetary }) => monetary);

/** @type {Customer[]} */
export const customers = drawn.map((row) => {
  const { customer_id, frequency, monetary, recency } = row;
  const [r, f, m] = [rScore(row), fScore(row), mScore(row)];
  const dice = random();
  const cluster = clusterOf(frequency, monetary, recency);
  return {
    customer_id,
    country: COUNTRIES.find(([bound]) => dice <= bound)?.[1] ?? 'Unspecified',
    last_order: dayBefore(recency),
    recency,
    frequency,
    monetary: monetary.toFixed(2),
    r_score: r,
    f_score: f,
    m_score: m,
    segment: ruleName(recency, frequency, monetary),
    score_segment: scoreName(r, f, m),
    cluster,
    cluster_description: DESCRIPTIONS.get(cluster) ?? '',
  };
});
