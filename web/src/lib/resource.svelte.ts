import { untrack } from 'svelte';
import { isAway } from '../api/http';
import { onLive } from '../live/live.svelte';
import type { LiveMessage } from '../live/message';
import { clearStale, markStale } from './staleness.svelte';

export type ResourceState<T> =
  | { kind: 'loading' }
  | { kind: 'ready'; data: T; loadedAt: number }
  /** Other parameters were chosen; what was there before is shown until the answer comes. */
  | { kind: 'refreshing'; data: T; loadedAt: number }
  | { kind: 'empty'; data: T; loadedAt: number }
  | { kind: 'stale'; data: T; loadedAt: number; error: unknown }
  | { kind: 'error'; error: unknown };

export interface ResourceOptions<T> {
  /** Runs again whenever reactive state changes that it reads before its first await. */
  load: (signal: AbortSignal) => Promise<T>;
  /** Full or last names of the tables that the data is made from. */
  tables?: readonly string[];
  isEmpty?: (data: T) => boolean;
  /** Live messages, besides versions of `tables`, after which the data is loaded again. */
  reloadOn?: (message: LiveMessage) => boolean;
}

export interface Resource<T> {
  readonly state: ResourceState<T>;
  /** The newest data, whatever the state. */
  readonly data: T | null;
  reload: () => void;
}

const DEBOUNCE_MS = 400;
const RETRY_FIRST_MS = 3_000;
const RETRY_MAX_MS = 30_000;

export function touches(tables: readonly string[], message: LiveMessage): boolean {
  if (message.kind === 'reset') return true;
  if (message.kind !== 'tables') return false;
  return message.tables.some(({ name }) =>
    tables.some((table) => name === table || name.endsWith(`.${table}`)),
  );
}

/** Must be called while a component is made: it loads as long as the component lives. */
export function createResource<T>(options: ResourceOptions<T>): Resource<T> {
  const { load, tables = [], isEmpty = () => false, reloadOn = () => false } = options;
  const owner = {};
  let state = $state.raw<ResourceState<T>>({ kind: 'loading' });
  let generation = $state(0);
  let retryMs = RETRY_FIRST_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let debounceTimer: ReturnType<typeof setTimeout> | undefined;

  function reload(): void {
    generation += 1;
  }

  function succeed(data: T): void {
    retryMs = RETRY_FIRST_MS;
    clearStale(owner);
    state = { kind: isEmpty(data) ? 'empty' : 'ready', data, loadedAt: Date.now() };
  }

  function fail(error: unknown): void {
    if ('data' in state) {
      state = { kind: 'stale', data: state.data, loadedAt: state.loadedAt, error };
      markStale(owner, { since: state.loadedAt, error });
    } else {
      state = { kind: 'error', error };
    }
    if (!isAway(error)) return;
    retryTimer = setTimeout(reload, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
  }

  function begin(): void {
    if (state.kind === 'error') state = { kind: 'loading' };
    else if (state.kind === 'ready' || state.kind === 'empty') {
      state = { kind: 'refreshing', data: state.data, loadedAt: state.loadedAt };
    }
  }

  $effect(() => {
    void generation;
    const controller = new AbortController();
    const answer = load(controller.signal);
    untrack(begin);
    answer.then(
      (data) => {
        if (!controller.signal.aborted) succeed(data);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) fail(error);
      },
    );
    return () => {
      controller.abort();
      clearTimeout(retryTimer);
    };
  });

  $effect(() => {
    const endLive = onLive((message) => {
      if (!touches(tables, message) && !reloadOn(message)) return;
      clearTimeout(debounceTimer);
      debounceTimer = setTimeout(reload, DEBOUNCE_MS);
    });
    addEventListener('online', reload);
    return () => {
      endLive();
      removeEventListener('online', reload);
      clearTimeout(debounceTimer);
      clearStale(owner);
    };
  });

  return {
    get state() {
      return state;
    },
    get data() {
      return 'data' in state ? state.data : null;
    },
    reload,
  };
}
