import { expect, it } from 'vitest';
import { nextSort, sortDirection } from './table';

it('sorts numbers from the greatest and texts from A, then the other way', () => {
  expect(nextSort('', 'monetary', true)).toBe('-monetary');
  expect(nextSort('-monetary', 'monetary', true)).toBe('monetary');
  expect(nextSort('-monetary', 'country', false)).toBe('country');
  expect(nextSort('country', 'country', false)).toBe('-country');
  expect(sortDirection('-monetary', 'monetary')).toBe('descending');
  expect(sortDirection('-monetary', 'country')).toBe('none');
});
