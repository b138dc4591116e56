import { apiPath } from '../api/query';
import { decodeMessage, EVENT_NAMES, type ConnectionState, type LiveMessage } from './message';

export interface StreamListener {
  onState: (state: ConnectionState) => void;
  onMessage: (message: LiveMessage) => void;
}

const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 30_000;

/**
 * The one connection to the server's events. EventSource resumes after the last id by itself; where
 * it gives up (an answer that is no stream), this starts anew, and says `reset` as events were lost.
 */
export class EventStream {
  readonly #listener: StreamListener;
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = RETRY_FIRST_MS;
  #startedAnew = false;

  constructor(listener: StreamListener) {
    this.#listener = listener;
    this.#open();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #open(): void {
    const source = new EventSource(apiPath('/events/stream'));
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed(source);
    for (const name of EVENT_NAMES) {
      source.addEventListener(name, ({ data }: MessageEvent<unknown>) =>
        this.#received(name, data),
      );
    }
  }

  #opened(): void {
    this.#retryMs = RETRY_FIRST_MS;
    this.#listener.onState('live');
    if (this.#startedAnew) this.#listener.onMessage({ kind: 'reset' });
    this.#startedAnew = false;
  }

  #failed(source: EventSource): void {
    if (source.readyState !== EventSource.CLOSED) {
      this.#listener.onState('reconnecting');
      return;
    }
    this.#listener.onState('offline');
    this.#startedAnew = true;
    this.#retry = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
  }

  #received(name: (typeof EVENT_NAMES)[number], data: unknown): void {
    try {
      const message = decodeMessage(name, typeof data === 'string' ? JSON.parse(data) : null);
      if (message !== null) this.#listener.onMessage(message);
    } catch {
      // A message of a newer server: what it told is loaded again instead.
      this.#listener.onMessage({ kind: 'reset' });
    }
  }
}
