import {
  array,
  boolean,
  integer,
  map,
  object,
  oneOf,
  orNull,
  string,
  type Decoded,
} from './decode';
import { get, post } from './http';
import { decodeDiagnostic } from './problem';

export const UPDATE_STATES = [
  'QUEUED',
  'CREATED',
  'WAITING_FOR_RESOURCES',
  'INITIALIZING',
  'RESETTING',
  'SETTING_UP_TABLES',
  'RUNNING',
  'STOPPING',
  'COMPLETED',
  'FAILED',
  'CANCELED',
] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

export const FLOW_STATUSES = [
  'QUEUED',
  'PLANNING',
  'STARTING',
  'RUNNING',
  'IDLE',
  'COMPLETED',
  'FAILED',
  'SKIPPED',
  'STOPPED',
  'EXCLUDED',
] as const;
export type FlowStatus = (typeof FLOW_STATUSES)[number];

export const decodeUpdate = object({
  update_id: string,
  pipeline: string,
  state: oneOf(...UPDATE_STATES),
  cause: string,
  user: orNull(string),
  started_at: string,
  ended_at: orNull(string),
  duration_ms: orNull(integer),
  full_refresh: boolean,
  refresh_selection: array(string),
  full_refresh_selection: array(string),
  configuration: map(string),
  rows_read: integer,
  rows_written: integer,
  rows_dropped: integer,
  flows_total: integer,
  flows_done: integer,
  flows_failed: integer,
  files_set_aside: integer,
  error: orNull(string),
});
export type Update = Decoded<typeof decodeUpdate>;

export const decodeRuleAction = oneOf('WARN', 'DROP', 'FAIL');

export const decodeFlowState = object({
  name: string,
  dataset: string,
  status: oneOf(...FLOW_STATUSES),
  started_at: orNull(string),
  ended_at: orNull(string),
  duration_ms: orNull(integer),
  batches: integer,
  rows_read: integer,
  rows_written: integer,
  rows_dropped: integer,
  input_files: integer,
  output_bytes: integer,
  reason: orNull(string),
  error: orNull(decodeDiagnostic),
  expectations: array(
    object({ name: string, action: decodeRuleAction, passed: integer, failed: integer }),
  ),
});
export type FlowState = Decoded<typeof decodeFlowState>;

export const decodeEvent = object({
  id: string,
  update_id: string,
  sequence: integer,
  timestamp: string,
  level: oneOf('METRICS', 'INFO', 'WARN', 'ERROR'),
  event_type: string,
  flow: orNull(string),
  message: string,
  error: orNull(string),
});
export type PipelineEvent = Decoded<typeof decodeEvent>;

const decodeUpdatePage = object({ next_cursor: orNull(string), updates: array(decodeUpdate) });
export type UpdatePage = Decoded<typeof decodeUpdatePage>;

const decodeUpdateDetail = object({
  update: decodeUpdate,
  flows: array(decodeFlowState),
  diagnostics: array(decodeDiagnostic),
});
export type UpdateDetail = Decoded<typeof decodeUpdateDetail>;

const decodeEventPage = object({ next_cursor: orNull(string), events: array(decodeEvent) });
export type EventPage = Decoded<typeof decodeEventPage>;

export interface StartUpdate {
  refresh?: string[];
  full_refresh?: string[];
  full_refresh_all?: boolean;
  parameters?: Record<string, string>;
}

export interface EventFilter {
  level?: PipelineEvent['level'];
  flow?: string;
  search?: string;
  limit?: number;
  cursor?: string;
}

export function listUpdates(
  filter: { state?: readonly UpdateState[]; limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<UpdatePage> {
  return get('/updates', decodeUpdatePage, filter, signal);
}

export function getUpdate(id: string, signal?: AbortSignal): Promise<UpdateDetail> {
  return get(`/updates/${encodeURIComponent(id)}`, decodeUpdateDetail, {}, signal);
}

export function listEvents(
  id: string,
  filter: EventFilter,
  signal?: AbortSignal,
): Promise<EventPage> {
  const query = { ...filter };
  return get(`/updates/${encodeURIComponent(id)}/events`, decodeEventPage, query, signal);
}

export function startUpdate(request: StartUpdate): Promise<Update> {
  return post('/updates', request, decodeUpdate);
}

export function stopUpdate(id: string): Promise<Update> {
  return post(`/updates/${encodeURIComponent(id)}/stop`, {}, decodeUpdate);
}
