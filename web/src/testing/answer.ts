import { vi } from 'vitest';

/** Answers the next requests with `body`; returns what was asked for, newest last. */
export function stubAnswer(body: unknown, status = 200): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return asked;
}
