import { afterEach, expect, it, vi } from 'vitest';
import { stubAnswer } from '../testing/answer';
import { UnexpectedResponse } from './decode';
import { getTable, listRows, listTables, tableExportHref } from './tables';

afterEach(() => vi.unstubAllGlobals());

const table = {
  name: 'retail.dlt.silver',
  kind: 'table',
  version: 3,
  rows: 313529,
  files: 1,
  size_bytes: 4497809,
  modified_at: '2026-05-01T09:00:00Z',
  comment: 'Clean, typed sales lines.',
  problem: null,
};

it('lists tables, also those that cannot be read', async () => {
  const broken = { ...table, version: null, rows: null, problem: 'Commit 3 is missing.' };
  stubAnswer({ tables: [table, broken] });
  expect((await listTables()).map(({ version }) => version)).toEqual([3, null]);
});

it('asks for a table at a version', async () => {
  const asked = stubAnswer({
    table,
    latest_version: 7,
    id: 'c4bbadfa',
    columns: [{ name: 'InvoiceNo', type: 'STRING', comment: null, nullable: true }],
    partition_columns: [],
    properties: { quality: 'silver' },
    min_reader_version: 1,
    min_writer_version: 2,
  });
  const detail = await getTable({ name: 'a/b', version: 3 });
  expect(detail.properties.get('quality')).toBe('silver');
  expect(asked).toEqual(['/api/v1/tables/a%2Fb?version=3']);
});

it('repeats filters and leaves out what is not asked for', async () => {
  const asked = stubAnswer({ version: 7, total: 0, next_cursor: null, columns: [], rows: [] });
  const filter = ['Country:eq:France', 'Quantity:gt:3'];
  await listRows({ name: 't', version: null }, { sort: null, filter, cursor: undefined });
  expect(asked).toEqual([
    '/api/v1/tables/t/rows?filter=Country%3Aeq%3AFrance&filter=Quantity%3Agt%3A3',
  ]);
  expect(tableExportHref({ name: 't', version: 2 }, 'xlsx', ['a:null'])).toBe(
    '/api/v1/tables/t/export?version=2&format=xlsx&filter=a%3Anull',
  );
});

it('refuses what the contract does not promise', async () => {
  stubAnswer({ tables: [{ ...table, kind: 'view' }] });
  await expect(listTables()).rejects.toThrow(UnexpectedResponse);
});
