import { array, decode, integer, object, string } from '../api/decode';
import {
  decodeEvent,
  decodeFlowState,
  decodeUpdate,
  type FlowState,
  type PipelineEvent,
  type Update,
} from '../api/updates';

export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline';

export interface TableVersion {
  name: string;
  version: number;
}

/** What the stream of events tells; `reset` asks every page to load its data again. */
export type LiveMessage =
  | { kind: 'update'; update: Update }
  | { kind: 'flow'; updateId: string; flow: FlowState }
  | { kind: 'event'; event: PipelineEvent }
  | { kind: 'tables'; tables: TableVersion[] }
  | { kind: 'reset' };

export const EVENT_NAMES = ['hello', 'update', 'flow', 'event', 'tables', 'reset'] as const;
export type EventName = (typeof EVENT_NAMES)[number];

const decodeFlow = object({ update_id: string, flow: decodeFlowState });
const decodeTables = object({ tables: array(object({ name: string, version: integer })) });

/** Null for messages that tell pages nothing. */
export function decodeMessage(name: EventName, data: unknown): LiveMessage | null {
  switch (name) {
    case 'update':
      return { kind: 'update', update: decode(decodeUpdate, data, name) };
    case 'flow': {
      const { update_id, flow } = decode(decodeFlow, data, name);
      return { kind: 'flow', updateId: update_id, flow };
    }
    case 'event':
      return { kind: 'event', event: decode(decodeEvent, data, name) };
    case 'tables':
      return { kind: 'tables', tables: decode(decodeTables, data, name).tables };
    case 'reset':
      return { kind: 'reset' };
    case 'hello':
      return null;
  }
}
