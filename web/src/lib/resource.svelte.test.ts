import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError, ServerAway } from '../api/problem';
import type { LiveMessage } from '../live/message';
import { createResource, touches, type Resource } from './resource.svelte';
import { oldestStale } from './staleness.svelte';

const live = vi.hoisted((): { tell: (message: LiveMessage) => void } => ({
  tell: () => undefined,
}));
vi.mock('../live/live.svelte', () => ({
  onLive: (listener: (message: LiveMessage) => void) => {
    live.tell = listener;
    return () => undefined;
  },
}));

const load = vi.fn<() => Promise<string>>();
let resource: Resource<string>;
let end: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers();
  load.mockReset().mockResolvedValue('first');
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

function start(): void {
  end = $effect.root(() => {
    resource = createResource({ load, tables: ['customer_segments'], isEmpty: (s) => s === '' });
  });
  flushSync();
}

async function pass(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  flushSync();
  await vi.advanceTimersByTimeAsync(0);
}

it('is loading, then ready', async () => {
  start();
  expect(resource.state.kind).toBe('loading');
  await pass();
  expect(resource.state).toMatchObject({ kind: 'ready', data: 'first' });
});

it('shows what it has while it loads again', async () => {
  start();
  await pass();
  load.mockResolvedValue('second');
  resource.reload();
  flushSync();
  expect(resource.state).toMatchObject({ kind: 'refreshing', data: 'first' });
  await pass();
  expect(resource.data).toBe('second');
});

it('keeps old data when a reload fails, and tells the page since when', async () => {
  start();
  await pass();
  load.mockRejectedValue(new ServerAway('gone'));
  resource.reload();
  await pass();
  expect(resource.state).toMatchObject({ kind: 'stale', data: 'first' });
  expect(oldestStale()).not.toBeNull();
});

it('asks again by itself when the server was away', async () => {
  load.mockRejectedValueOnce(new ServerAway('gone'));
  start();
  await pass();
  await pass(3_000);
  expect(resource.state.kind).toBe('ready');
  expect(oldestStale()).toBeNull();
});

it('does not ask again when the server said no', async () => {
  const problem = {
    title: 'No',
    status: 404,
    detail: 'No.',
    code: 'NO',
    hints: [],
    diagnostics: null,
  };
  load.mockRejectedValue(new ApiError(problem));
  start();
  await pass();
  const asked = load.mock.calls.length;
  await pass(60_000);
  expect(load).toHaveBeenCalledTimes(asked);
  expect(resource.state.kind).toBe('error');
});

it('loads again once after many news of its tables', async () => {
  start();
  await pass();
  const tables = [{ name: 'retail_analytics.ml.customer_segments', version: 2 }];
  live.tell({ kind: 'tables', tables });
  live.tell({ kind: 'tables', tables });
  await pass(500);
  expect(load).toHaveBeenCalledTimes(2);
});

it('knows which news are its own', () => {
  const news = (name: string): LiveMessage => ({ kind: 'tables', tables: [{ name, version: 1 }] });
  expect(touches(['segment_summary'], news('retail_analytics.dlt.segment_summary'))).toBe(true);
  expect(touches(['segment_summary'], news('retail_analytics.dlt.my_segment_summary'))).toBe(false);
  expect(touches([], { kind: 'reset' })).toBe(true);
});
