import type { ConnectionState, LiveMessage } from './message';
import type { ToTab, ToWorker } from './port';
import { EventStream } from './stream';

type Listener = (message: LiveMessage) => void;

const listeners = new Set<Listener>();
const connection = $state<{ state: ConnectionState }>({ state: 'connecting' });
let disconnect: (() => void) | null = null;

export function connectionState(): ConnectionState {
  return connection.state;
}

/** Returns the function that ends it. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function publish(message: LiveMessage): void {
  for (const listener of listeners) listener(message);
}

function setState(state: ConnectionState): void {
  connection.state = state;
}

function connectShared(): () => void {
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'medallion-live',
  });
  worker.port.onmessage = ({ data }: MessageEvent<ToTab>) => {
    if (data.type === 'state') setState(data.state);
    else publish(data.message);
  };
  worker.onerror = () => {
    if (disconnect !== null) disconnect = connectAlone();
  };
  return () => {
    worker.port.postMessage({ type: 'leave' } satisfies ToWorker);
    worker.port.close();
  };
}

function connectAlone(): () => void {
  const stream = new EventStream({ onState: setState, onMessage: publish });
  return () => stream.close();
}

function connect(): void {
  disconnect ??= 'SharedWorker' in globalThis ? connectShared() : connectAlone();
}

function leave(): void {
  disconnect?.();
  disconnect = null;
}

/** Called once, after the session is known to be authenticated. */
export function startLive(): void {
  connect();
  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    connect();
    publish({ kind: 'reset' });
  });
}
