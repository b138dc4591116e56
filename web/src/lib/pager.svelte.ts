import {
  createResource,
  type Resource,
  type ResourceOptions,
  type ResourceState,
} from './resource.svelte';

export interface Page<Row> {
  rows: Row[];
  total: number | null;
  next: string | null;
}

export interface Pager<Row> extends Resource<Page<Row>> {
  /** Null if all rows are there. */
  readonly more: (() => void) | null;
  readonly loadingMore: boolean;
}

export interface PagerOptions<Row> extends Omit<ResourceOptions<Page<Row>>, 'load' | 'isEmpty'> {
  /** Reads reactive state (filters, sort order) before its first await, as a resource's load does. */
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;
}

/** A list that grows page by page, and begins anew when its filters or tables change. */
export function createPager<Row>(options: PagerOptions<Row>): Pager<Row> {
  const { load, ...rest } = options;
  let following = $state.raw<{ after: Page<Row>; rows: Row[]; next: string | null } | null>(null);
  let loadingMore = $state(false);
  let failure = $state.raw<unknown>(null);

  const first = createResource<Page<Row>>({
    ...rest,
    load: (signal) => load(undefined, signal),
    isEmpty: ({ rows }) => rows.length === 0,
  });

  const whole = $derived.by<Page<Row> | null>(() => {
    const page = first.data;
    if (page === null || following?.after !== page) return page;
    return { rows: [...page.rows, ...following.rows], total: page.total, next: following.next };
  });

  async function loadMore(after: Page<Row>, cursor: string): Promise<void> {
    loadingMore = true;
    failure = null;
    try {
      const page = await load(cursor, new AbortController().signal);
      if (first.data !== after) return;
      const before = following?.after === after ? following.rows : [];
      following = { after, rows: [...before, ...page.rows], next: page.next };
    } catch (error) {
      failure = error;
    } finally {
      loadingMore = false;
    }
  }

  return {
    get state(): ResourceState<Page<Row>> {
      const state = first.state;
      if (failure !== null && whole !== null && 'loadedAt' in state) {
        return { kind: 'stale', data: whole, loadedAt: state.loadedAt, error: failure };
      }
      return 'data' in state && whole !== null ? { ...state, data: whole } : state;
    },
    get data() {
      return whole;
    },
    get more() {
      const page = first.data;
      const cursor = whole?.next ?? null;
      if (page === null || cursor === null) return null;
      return () => void loadMore(page, cursor);
    },
    get loadingMore() {
      return loadingMore;
    },
    reload: first.reload,
  };
}
