import { expect, it } from 'vitest';
import { changedQuery } from './location.svelte';
import { matchPath } from './match';

it('matches paths part by part and decodes what it names', () => {
  expect(matchPath('/', '/')).toEqual({});
  expect(matchPath('/customers/:id', '/customers/a%2Fb%20c')).toEqual({ id: 'a/b c' });
  expect(matchPath('/customers/:id', '/customers/12346/')).toEqual({ id: '12346' });
  expect(matchPath('/customers/:id', '/customers')).toBeNull();
  expect(matchPath('/customers/:id', '/customers/%E0%A4%A')).toBeNull();
  expect(matchPath('/quality', '/tables')).toBeNull();
});

it('changes a query without touching what it does not name', () => {
  const before = new URLSearchParams('scheme=score&cluster=1&cluster=2&sort=country');
  const after = changedQuery(before, { cluster: ['-1'], sort: null, country: [] });
  expect(after.toString()).toBe('scheme=score&cluster=-1');
});
