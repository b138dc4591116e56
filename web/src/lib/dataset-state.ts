import type { Diagnostic } from '../api/problem';
import type { FlowState, FlowStatus } from '../api/updates';

/** What an update does to one dataset: its flows taken together. */
export interface DatasetState {
  status: FlowStatus;
  rowsWritten: number;
  rowsDropped: number;
  startedAt: string | null;
  /** Null while a flow runs, and if none has. */
  endedAt: string | null;
  /** Violations of all its rules. */
  violations: number;
  error: Diagnostic | null;
  reason: string | null;
}

/** The first of these that a flow has is the status of the dataset. */
const PRECEDENCE: readonly FlowStatus[] = [
  'FAILED',
  'RUNNING',
  'STARTING',
  'PLANNING',
  'QUEUED',
  'STOPPED',
  'SKIPPED',
  'COMPLETED',
  'IDLE',
  'EXCLUDED',
];

export function datasetStates(flows: readonly FlowState[]): Map<string, DatasetState> {
  const byDataset = new Map<string, FlowState[]>();
  for (const flow of flows) {
    const group = byDataset.get(flow.dataset);
    if (group === undefined) byDataset.set(flow.dataset, [flow]);
    else group.push(flow);
  }
  return new Map([...byDataset].map(([name, group]) => [name, combine(group)]));
}

function combine(flows: readonly FlowState[]): DatasetState {
  const sum = (of: (flow: FlowState) => number): number =>
    flows.reduce((total, flow) => total + of(flow), 0);
  const starts = flows.flatMap(({ started_at }) => started_at ?? []).sort();
  const ends = flows.flatMap(({ ended_at }) => ended_at ?? []).sort();
  const isOpen = flows.some(({ started_at, ended_at }) => started_at !== null && ended_at === null);
  return {
    status: PRECEDENCE.find((status) => flows.some((flow) => flow.status === status)) ?? 'QUEUED',
    rowsWritten: sum((flow) => flow.rows_written),
    rowsDropped: sum((flow) => flow.rows_dropped),
    startedAt: starts[0] ?? null,
    endedAt: isOpen ? null : (ends.at(-1) ?? null),
    violations: sum(({ expectations }) =>
      expectations.reduce((total, { failed }) => total + failed, 0),
    ),
    error: flows.find(({ error }) => error !== null)?.error ?? null,
    reason: flows.find(({ reason }) => reason !== null)?.reason ?? null,
  };
}

/** Milliseconds from one instant to another, or to `now` if the other is still to come. */
export function elapsed(from: string | null, to: string | null, now: number): number | null {
  if (from === null) return null;
  return Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from));
}
