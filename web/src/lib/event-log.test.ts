import { expect, it } from 'vitest';
import type { PipelineEvent } from '../api/updates';
import { mergeEvents, passes } from './event-log';

function event(sequence: number, change: Partial<PipelineEvent> = {}): PipelineEvent {
  return {
    id: `e${sequence}`,
    update_id: 'u',
    sequence,
    timestamp: '2026-05-01T09:00:00Z',
    level: 'INFO',
    event_type: 'flow_progress',
    flow: 'silver',
    message: 'Flow silver is starting.',
    error: null,
    ...change,
  };
}

it('filters as the server does', () => {
  const all = { level: 'INFO', flow: null, search: '' } as const;
  expect(passes(event(1), all)).toBe(true);
  expect(passes(event(1, { level: 'METRICS' }), all)).toBe(false);
  expect(passes(event(1, { level: 'ERROR' }), { ...all, level: 'WARN' })).toBe(true);
  expect(passes(event(1), { ...all, flow: 'gold' })).toBe(false);
  expect(passes(event(1), { ...all, search: 'IS STARTING' })).toBe(true);
});

it('has each event once and in order', () => {
  const merged = mergeEvents([event(1), event(2)], [event(4), event(2), event(3)]);
  expect(merged.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});
