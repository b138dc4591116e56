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
import { decodeColumn } from './column';
import { get } from './http';
import { decodeDiagnostic } from './problem';
import { decodeRuleAction } from './updates';

const decodeRule = object({ name: string, predicate: string, action: decodeRuleAction });
export type Rule = Decoded<typeof decodeRule>;
export type RuleAction = Rule['action'];

const decodeDataset = object({
  name: string,
  short_name: string,
  kind: oneOf('STREAMING_TABLE', 'MATERIALIZED_VIEW', 'VIEW', 'TABLE', 'PATH'),
  layer: orNull(string),
  comment: orNull(string),
  file: orNull(string),
  line: orNull(integer),
  sql: orNull(string),
  columns: array(decodeColumn),
  partition_columns: array(string),
  expectations: array(decodeRule),
  flows: array(string),
});
export type Dataset = Decoded<typeof decodeDataset>;

const decodeEdge = object({ from: string, to: string });
export type Edge = Decoded<typeof decodeEdge>;

const decodePipeline = object({
  name: orNull(string),
  source: oneOf('project', 'events', 'none'),
  can_start: boolean,
  cannot_start_reason: orNull(string),
  parameters: map(string),
  datasets: array(decodeDataset),
  edges: array(decodeEdge),
  diagnostics: array(decodeDiagnostic),
  running_update_id: orNull(string),
});
export type Pipeline = Decoded<typeof decodePipeline>;

export function getPipeline(signal?: AbortSignal): Promise<Pipeline> {
  return get('/pipeline', decodePipeline, {}, signal);
}
