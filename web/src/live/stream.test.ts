import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConnectionState, LiveMessage } from './message';
import { EventStream } from './stream';

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 0;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  close = vi.fn();

  constructor() {
    super();
    FakeSource.opened.push(this);
  }
  send(name: string, data: string): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

let states: ConnectionState[];
let messages: LiveMessage[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.opened = [];
  states = [];
  messages = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(): [EventStream, FakeSource] {
  const stream = new EventStream({
    onState: (state) => states.push(state),
    onMessage: (message) => messages.push(message),
  });
  const [source] = FakeSource.opened;
  if (source === undefined) throw new Error('no connection');
  return [stream, source];
}

it('passes decoded messages on', () => {
  const [, source] = open();
  source.onopen();
  source.send('hello', '{}');
  source.send('tables', '{"tables":[{"name":"a.b.c","version":3}]}');
  expect(states).toEqual(['live']);
  expect(messages).toEqual([{ kind: 'tables', tables: [{ name: 'a.b.c', version: 3 }] }]);
});

it('asks for a reload after a message it does not understand', () => {
  const [, source] = open();
  source.send('tables', '{"tables":3}');
  expect(messages).toEqual([{ kind: 'reset' }]);
});

it('leaves a short interruption to EventSource', () => {
  const [, source] = open();
  source.onerror();
  source.onopen();
  expect(states).toEqual(['reconnecting', 'live']);
  expect(messages).toEqual([]);
});

it('starts anew where EventSource gave up, and then asks for a reload', () => {
  const [stream, source] = open();
  source.readyState = FakeSource.CLOSED;
  source.onerror();
  expect(states).toEqual(['offline']);
  vi.advanceTimersByTime(2_000);
  expect(FakeSource.opened).toHaveLength(2);
  FakeSource.opened[1]?.onopen();
  expect(messages).toEqual([{ kind: 'reset' }]);
  stream.close();
  expect(FakeSource.opened[1]?.close).toHaveBeenCalled();
});
