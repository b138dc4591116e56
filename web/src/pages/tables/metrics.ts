import { formatBytes, formatCount, formatDuration } from '../../lib/format';

/** Metrics of a commit that are worth words, in this order; the others are left out. */
const WORDS: readonly { name: string; text: (value: number) => string }[] = [
  { name: 'numOutputRows', text: (value) => `${formatCount(value)} rows written` },
  { name: 'numDeletedRows', text: (value) => `${formatCount(value)} rows removed` },
  { name: 'numUpdatedRows', text: (value) => `${formatCount(value)} rows changed` },
  { name: 'numOutputBytes', text: formatBytes },
  { name: 'executionTimeMs', text: formatDuration },
];

export function metricWords(metrics: ReadonlyMap<string, string>): string {
  const words = WORDS.flatMap(({ name, text }) => {
    const value = Number(metrics.get(name) ?? NaN);
    return Number.isFinite(value) ? [text(value)] : [];
  });
  return words.length === 0 ? '–' : words.join(', ');
}
