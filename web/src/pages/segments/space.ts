import type { SegmentPoints } from '../../api/segments';
import type { ChartTable } from '../../charts/chart';
import { formatCount, formatCounted, formatShare } from '../../lib/format';
import type { PointGroups } from './groups';

/** What the cloud of customers shows, in one sentence. */
export function spaceSummary(
  points: SegmentPoints,
  { names, of }: PointGroups,
  label: (name: string) => string,
): string {
  const counts = new Array<number>(names.length).fill(0);
  for (const index of of) counts[index] = (counts[index] ?? 0) + 1;
  const most = Math.max(...counts);
  const largest = names[counts.indexOf(most)] ?? '';
  const drawn = points.customer_id.length;
  const cut =
    drawn < points.total ? ` of ${formatCount(points.total)}, those of highest value` : '';
  return `${formatCounted(drawn, 'customer')}${cut}, in ${formatCounted(names.length, 'group')}; ${label(largest)} is the largest with ${formatShare(most, drawn, 0)}.`;
}

export function pointTable(
  points: SegmentPoints,
  { names, of }: PointGroups,
  label: (name: string) => string,
): ChartTable {
  return {
    columns: [
      { label: 'Customer' },
      { label: 'Segment' },
      { label: 'Recency', numeric: true },
      { label: 'Frequency', numeric: true },
      { label: 'Monetary', numeric: true },
    ],
    rows: points.customer_id.map((id, i) => [
      id,
      label(names[of[i] ?? 0] ?? ''),
      points.recency[i] ?? null,
      points.frequency[i] ?? null,
      points.monetary[i] ?? null,
    ]),
  };
}
