import { afterEach, expect, it, vi } from 'vitest';
import { integer, object } from './decode';
import { get, isAway, post, whenUnauthorized } from './http';
import { ApiError } from './problem';

const decoder = object({ rows: integer });

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fake = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal('fetch', fake);
  return fake;
}

afterEach(() => vi.unstubAllGlobals());

it('decodes the answer', async () => {
  const fake = answer(200, { rows: 1 });
  const query = { name: ['a b', 'c'], none: null };
  expect(await get('/tables', decoder, query)).toEqual({ rows: 1 });
  expect(fake.mock.calls[0]?.[0]).toBe('/api/v1/tables?name=a+b&name=c');
});

it('marks requests that change something', async () => {
  const fake = answer(200, { rows: 1 });
  await post('/updates', {}, decoder);
  const init = fake.mock.calls[0]?.[1] as RequestInit;
  expect(new Headers(init.headers).get('X-Medallion-Request')).toBe('1');
  expect(new Headers(init.headers).get('Content-Type')).toBe('application/json');
});

it('turns a problem into an error with its parts', async () => {
  const diagnostic = {
    severity: 'error',
    code: 'X',
    message: 'm',
    hints: [],
    file: 'a.sql',
    line: 3,
  };
  answer(409, {
    title: 'Update is running',
    status: 409,
    detail: 'One at a time.',
    code: 'UPDATE_IS_RUNNING',
    hints: ['Wait.'],
    diagnostics: [diagnostic],
  });
  const error = await get('/updates', decoder).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: 'UPDATE_IS_RUNNING',
    diagnostics: [{ file: 'a.sql', line: 3 }],
  });
});

it('survives answers that are no problem', async () => {
  answer(502, '<html>');
  const error = await get('/updates', decoder).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ status: 502, code: 'UNKNOWN' });
  expect(isAway(error)).toBe(true);
});

it('tells a server that is away', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  const error = await get('/updates', decoder).catch((caught: unknown) => caught);
  expect(isAway(error)).toBe(true);
});

it('reports a missing access token once per answer', async () => {
  const told = vi.fn();
  whenUnauthorized(told);
  answer(401, {
    title: 'Unauthorized',
    status: 401,
    detail: 'Log in.',
    code: 'UNAUTHORIZED',
    hints: [],
  });
  await get('/overview', decoder).catch(() => undefined);
  expect(told).toHaveBeenCalledOnce();
});
