import { expect, it } from 'vitest';
import { filterLabel, readFilter, writeFilter, type RowFilter } from './row-filter';

it('writes and reads filters as the API does', () => {
  const filters: RowFilter[] = [
    { column: 'Quantity', operator: 'le', value: '-3' },
    { column: 'Description', operator: 'contains', value: 'a:eq:b' },
    { column: 'CustomerID', operator: 'null', value: '' },
  ];
  for (const filter of filters) expect(readFilter(writeFilter(filter))).toEqual(filter);
  expect(writeFilter({ column: 'CustomerID', operator: 'notnull', value: 'x' })).toBe(
    'CustomerID:notnull',
  );
});

it('refuses what is no filter', () => {
  expect(readFilter('Quantity')).toBeNull();
  expect(readFilter('Quantity:above:3')).toBeNull();
  expect(readFilter(':eq:3')).toBeNull();
});

it('says filters in words', () => {
  expect(filterLabel({ column: 'Quantity', operator: 'ge', value: '10' })).toBe('Quantity ≥ 10');
  expect(filterLabel({ column: 'CustomerID', operator: 'null', value: '' })).toBe(
    'CustomerID is NULL',
  );
});
