import { isAway, whenUnauthorized } from '../api/http';
import { getSession, login, logout, type Session } from '../api/session';
import { startLive } from '../live/live.svelte';
import { setCurrency } from './format';

export type SessionState =
  | { kind: 'loading' }
  | { kind: 'failed'; error: unknown }
  | { kind: 'locked' }
  | { kind: 'open'; session: Session };

let state = $state.raw<SessionState>({ kind: 'loading' });
let isLive = false;
const RETRY_MS = 3_000;

export function sessionState(): SessionState {
  return state;
}

/** Only pages ask, and they exist only while a session is open. */
export function session(): Session {
  if (state.kind !== 'open') throw new Error('no session is open');
  return state.session;
}

function accept(session: Session): void {
  if (!session.authenticated) {
    state = { kind: 'locked' };
    return;
  }
  setCurrency(session.currency);
  state = { kind: 'open', session };
  if (!isLive) startLive();
  isLive = true;
}

export async function loadSession(): Promise<void> {
  whenUnauthorized(() => (state = { kind: 'locked' }));
  try {
    accept(await getSession());
  } catch (error) {
    state = { kind: 'failed', error };
    if (isAway(error)) setTimeout(retry, RETRY_MS);
  }
}

function retry(): void {
  if (state.kind === 'failed') void loadSession();
}

/** Throws what the server says about the token. */
export async function openSession(token: string): Promise<void> {
  accept(await login(token));
}

export async function endSession(): Promise<void> {
  accept(await logout());
}
