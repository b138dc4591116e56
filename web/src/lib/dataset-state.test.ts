import { expect, it } from 'vitest';
import { flowState } from '../testing/update';
import { datasetStates, elapsed } from './dataset-state';

const rule = { name: 'valid', action: 'DROP', passed: 5, failed: 3 } as const;

it('takes the flows of a dataset together', () => {
  const states = datasetStates([
    flowState('a', {
      dataset: 'silver',
      status: 'COMPLETED',
      started_at: '2026-05-01T09:00:00Z',
      ended_at: '2026-05-01T09:00:02Z',
      rows_written: 5,
      expectations: [rule],
    }),
    flowState('b', {
      dataset: 'silver',
      status: 'RUNNING',
      started_at: '2026-05-01T09:00:01Z',
      rows_written: 7,
      expectations: [rule],
    }),
    flowState('gold'),
  ]);
  expect(states.get('silver')).toMatchObject({
    status: 'RUNNING',
    rowsWritten: 12,
    violations: 6,
    startedAt: '2026-05-01T09:00:00Z',
    endedAt: null,
  });
  expect(states.get('gold')).toMatchObject({ status: 'QUEUED', startedAt: null, endedAt: null });
});

it('counts time until now while something runs', () => {
  const now = Date.parse('2026-05-01T09:00:03Z');
  expect(elapsed('2026-05-01T09:00:00Z', null, now)).toBe(3000);
  expect(elapsed('2026-05-01T09:00:00Z', '2026-05-01T09:00:01Z', now)).toBe(1000);
  expect(elapsed(null, null, now)).toBeNull();
});
