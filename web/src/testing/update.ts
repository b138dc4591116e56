import type { FlowState, Update } from '../api/updates';

/** A flow for tests, with what matters to the test. */
export function flowState(name: string, change: Partial<FlowState> = {}): FlowState {
  return {
    name,
    dataset: name,
    status: 'QUEUED',
    started_at: null,
    ended_at: null,
    duration_ms: null,
    batches: 0,
    rows_read: 0,
    rows_written: 0,
    rows_dropped: 0,
    input_files: 0,
    output_bytes: 0,
    reason: null,
    error: null,
    expectations: [],
    ...change,
  };
}

export function updateState(id: string, change: Partial<Update> = {}): Update {
  return {
    update_id: id,
    pipeline: 'retail',
    state: 'RUNNING',
    cause: 'API_CALL',
    user: null,
    started_at: '2026-05-01T09:00:00Z',
    ended_at: null,
    duration_ms: null,
    full_refresh: false,
    refresh_selection: [],
    full_refresh_selection: [],
    configuration: new Map(),
    rows_read: 0,
    rows_written: 0,
    rows_dropped: 0,
    flows_total: 2,
    flows_done: 0,
    flows_failed: 0,
    files_set_aside: 0,
    error: null,
    ...change,
  };
}
