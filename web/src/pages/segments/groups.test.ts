import { expect, it } from 'vitest';
import type { SegmentPoints } from '../../api/segments';
import { pointGroups } from './groups';

const points: SegmentPoints = {
  total: 3,
  customer_id: ['a', 'b', 'c'],
  recency: [1, 2, 3],
  frequency: [1, 2, 3],
  monetary: [1, 2, 3],
  cluster: [-1, 0, null],
  segment: [1, 1, 0],
  score_segment: [0, 0, 0],
  segment_names: ['Base Value - Inactive', 'High Value - At Risk'],
  score_segment_names: ['Lost'],
};

it('groups points by the segments of a scheme, in the order of legends', () => {
  const { names, of } = pointGroups(points, 'rule');
  expect(names).toEqual(['High Value - At Risk', 'Base Value - Inactive']);
  expect([...of]).toEqual([0, 0, 1]);
});

it('keeps customers without a cluster', () => {
  const { names, of } = pointGroups(points, 'cluster');
  expect(names[of[2] ?? 0]).toBe('none');
  expect(names[of[0] ?? 0]).toBe('-1');
});
