import {
  array,
  integer,
  map,
  object,
  oneOf,
  orNull,
  string,
  unknown,
  type Decoded,
} from './decode';
import { decodeColumn } from './column';
import { get } from './http';
import { apiPath } from './query';

const decodeTable = object({
  name: string,
  kind: oneOf('table', 'quarantine', 'system'),
  version: orNull(integer),
  rows: orNull(integer),
  files: orNull(integer),
  size_bytes: orNull(integer),
  modified_at: orNull(string),
  comment: orNull(string),
  problem: orNull(string),
});
export type Table = Decoded<typeof decodeTable>;

const decodeTables = object({ tables: array(decodeTable) });

const decodeTableDetail = object({
  table: decodeTable,
  latest_version: integer,
  id: string,
  columns: array(decodeColumn),
  partition_columns: array(string),
  properties: map(string),
  min_reader_version: integer,
  min_writer_version: integer,
});
export type TableDetail = Decoded<typeof decodeTableDetail>;

const decodeCommit = object({
  version: integer,
  timestamp: string,
  operation: orNull(string),
  files_added: integer,
  files_removed: integer,
  metrics: map(string),
  engine: orNull(string),
  update_id: orNull(string),
});
export type Commit = Decoded<typeof decodeCommit>;

const decodeTableHistory = object({ commits: array(decodeCommit) });

const decodeDataFile = object({
  path: string,
  size_bytes: integer,
  rows: orNull(integer),
  modified_at: string,
  partition_values: map(orNull(string)),
});
export type DataFile = Decoded<typeof decodeDataFile>;

const decodeTableFilePage = object({
  version: integer,
  total: integer,
  next_cursor: orNull(string),
  files: array(decodeDataFile),
});
export type TableFilePage = Decoded<typeof decodeTableFilePage>;

const decodeRowPage = object({
  version: integer,
  total: integer,
  next_cursor: orNull(string),
  columns: array(decodeColumn),
  rows: array(array(unknown)),
});
export type RowPage = Decoded<typeof decodeRowPage>;

const decodeColumnProfile = object({
  name: string,
  type: string,
  nulls: integer,
  distinct: orNull(integer),
  min: orNull(string),
  max: orNull(string),
});
export type ColumnProfile = Decoded<typeof decodeColumnProfile>;

const decodeTableProfile = object({
  version: integer,
  rows: integer,
  columns: array(decodeColumnProfile),
});
export type TableProfile = Decoded<typeof decodeTableProfile>;

export const EXPORT_FORMATS = ['csv', 'xlsx', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A table at a version; null is the latest. */
export interface TableAt {
  name: string;
  version: number | null;
}

function tablePath(name: string, part = ''): string {
  return `/tables/${encodeURIComponent(name)}${part}`;
}

export async function listTables(signal?: AbortSignal): Promise<Table[]> {
  return (await get('/tables', decodeTables, {}, signal)).tables;
}

export function getTable({ name, version }: TableAt, signal?: AbortSignal): Promise<TableDetail> {
  return get(tablePath(name), decodeTableDetail, { version }, signal);
}

/** The newest 500, newest first. */
export async function getTableHistory(name: string, signal?: AbortSignal): Promise<Commit[]> {
  const limit = 500;
  return (await get(tablePath(name, '/history'), decodeTableHistory, { limit }, signal)).commits;
}

export function listTableFiles(
  { name, version }: TableAt,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<TableFilePage> {
  return get(tablePath(name, '/files'), decodeTableFilePage, { version, cursor }, signal);
}

export function listRows(
  { name, version }: TableAt,
  options: { sort: string | null; filter: readonly string[]; cursor: string | undefined },
  signal?: AbortSignal,
): Promise<RowPage> {
  return get(tablePath(name, '/rows'), decodeRowPage, { version, ...options }, signal);
}

export function getTableProfile(
  { name, version }: TableAt,
  signal?: AbortSignal,
): Promise<TableProfile> {
  return get(tablePath(name, '/profile'), decodeTableProfile, { version }, signal);
}

/** Where the browser downloads the rows from. */
export function tableExportHref(
  { name, version }: TableAt,
  format: ExportFormat,
  filter: readonly string[],
): string {
  return apiPath(tablePath(name, '/export'), { version, format, filter });
}
