import { boolean, object, orNull, string, type Decoded } from './decode';
import { get, post } from './http';

const decodeSession = object({
  authenticated: boolean,
  token_required: boolean,
  product_version: string,
  storage_name: orNull(string),
  pipeline_name: orNull(string),
  currency: string,
  can_start: boolean,
  cannot_start_reason: orNull(string),
});
export type Session = Decoded<typeof decodeSession>;

export function getSession(): Promise<Session> {
  return get('/session', decodeSession);
}

export function login(token: string): Promise<Session> {
  return post('/login', { token }, decodeSession);
}

export function logout(): Promise<Session> {
  return post('/logout', {}, decodeSession);
}
