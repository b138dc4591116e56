import { expect, it } from 'vitest';
import { groupTables, nameInGroup, splitTableName, tableHref } from './table-name';

it('splits the last part off a full name', () => {
  expect(splitTableName('retail.dlt.silver')).toEqual({ schema: 'retail.dlt', short: 'silver' });
  expect(splitTableName('as_of')).toEqual({ schema: '', short: 'as_of' });
});

it('puts quarantine and system tables after the schemas', () => {
  const tables = [
    { name: 'system.event_log', kind: 'system' },
    { name: 'retail.ml.model', kind: 'table' },
    { name: 'quarantine.retail.dlt.silver', kind: 'quarantine' },
    { name: 'retail.dlt.silver', kind: 'table' },
  ] as const;
  const groups = groupTables(tables);
  expect(groups.map(({ title }) => title)).toEqual([
    'retail.ml',
    'retail.dlt',
    'Quarantine',
    'System',
  ]);
  expect(tables.map(nameInGroup)).toEqual(['event_log', 'model', 'retail.dlt.silver', 'silver']);
});

it('encodes names in addresses', () => {
  expect(tableHref('a.b/c')).toBe('/tables/a.b%2Fc');
});
