import type { Customer } from '../../api/customers';

type Entry = Customer['history'][number];

export interface HistoryRow extends Entry {
  segmentChanged: boolean;
  clusterChanged: boolean;
}

/** Newest first, each with what changed since the date before. */
export function historyRows(history: readonly Entry[]): HistoryRow[] {
  return history
    .map((entry, index) => {
      const before = history[index - 1];
      return {
        ...entry,
        segmentChanged: before !== undefined && before.segment !== entry.segment,
        clusterChanged: before !== undefined && before.cluster !== entry.cluster,
      };
    })
    .reverse();
}

/** Says how often the customer moved. */
export function countMoves(history: readonly Entry[]): { segment: number; cluster: number } {
  const rows = historyRows(history);
  return {
    segment: rows.filter(({ segmentChanged }) => segmentChanged).length,
    cluster: rows.filter(({ clusterChanged }) => clusterChanged).length,
  };
}
