import { expect, it } from 'vitest';
import { identifierParts } from './identifier';

it('breaks identifiers after dots and underscores only', () => {
  expect(identifierParts('dlt.daily_sales')).toEqual(['dlt.', 'daily_', 'sales']);
  expect(identifierParts('_a__b')).toEqual(['_', 'a__', 'b']);
  expect(identifierParts('Overview')).toEqual(['Overview']);
  expect(identifierParts('')).toEqual(['']);
});
