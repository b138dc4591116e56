import { decode, type Decoder } from './decode';
import { ApiError, problemOf, ServerAway } from './problem';
import { apiPath, type Query } from './query';

let onUnauthorized: () => void = () => undefined;

/** What to do when the access token is missing or no longer good. */
export function whenUnauthorized(callback: () => void): void {
  onUnauthorized = callback;
}

async function request<T>(url: string, init: RequestInit, decoder: Decoder<T>): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init });
    text = await response.text();
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new ServerAway(cause);
  }
  const body = parseJson(text);
  if (response.ok) return decode(decoder, body);
  const problem = problemOf(response.status, body);
  if (problem.status === 401) onUnauthorized();
  throw problem;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The browser keeps answers with their ETag and asks again with it. */
export function get<T>(
  path: string,
  decoder: Decoder<T>,
  query: Query = {},
  signal?: AbortSignal,
): Promise<T> {
  const init: RequestInit = { headers: { Accept: 'application/json' } };
  if (signal !== undefined) init.signal = signal;
  return request(apiPath(path, query), init, decoder);
}

export function post<T>(path: string, body: unknown, decoder: Decoder<T>): Promise<T> {
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'X-Medallion-Request': '1',
  };
  return request(apiPath(path), { method: 'POST', headers, body: JSON.stringify(body) }, decoder);
}

export function isAway(error: unknown): boolean {
  return error instanceof ServerAway || (error instanceof ApiError && error.status >= 502);
}
