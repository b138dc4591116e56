import { datasets } from './pipeline.js';
import { cell } from './rows.js';
import { rowsOf } from './sizes.js';
import { page, updates } from './updates.js';

const DAY_MS = 86_400_000;
const LATEST = 17;
const SHOWN_MAX = 5000;

/** @typedef {{name: string, type: string, comment: string | null, nullable: boolean}} Column */

/** @param {string} name @param {string} type @returns {Column} */
const column = (name, type) => ({ name, type, comment: null, nullable: true });

const EVENT_LOG = [
  column('id', 'STRING'),
  column('timestamp', 'TIMESTAMP'),
  column('level', 'STRING'),
  column('event_type', 'STRING'),
  column('message', 'STRING'),
];
const CLUSTERED = [
  column('CustomerID', 'STRING'),
  column('MaxInvoiceDate', 'DATE'),
  column('Recency', 'INT'),
  column('Frequency', 'INT'),
  column('Monetary', 'DECIMAL(31,2)'),
  column('Cluster', 'INT'),
];

const stored = datasets.filter(({ kind }) => kind !== 'VIEW');
const silver = stored.find(({ name }) => name.endsWith('_silver'));

const catalog = [
  ...stored.map((dataset) => ({
    name: dataset.name,
    kind: 'table',
    comment: dataset.comment,
    columns: dataset.columns.length === 0 ? CLUSTERED : /** @type {Column[]} */ (dataset.columns),
    rows: rowsOf(dataset.name),
  })),
  {
    name: `quarantine.${silver?.name ?? ''}`,
    kind: 'quarantine',
    comment: 'Rows that rules of the table rejected.',
    columns: [...(silver?.columns ?? []), column('_failed_expectations', 'ARRAY<STRING>')],
    rows: 8422,
  },
  {
    name: 'system.event_log',
    kind: 'system',
    comment: 'Events of all updates.',
    columns: EVENT_LOG,
    rows: 2140,
  },
  { name: 'system.table_lineage', kind: 'system', comment: null, columns: EVENT_LOG, rows: 720 },
];

const BROKEN = {
  name: 'retail_analytics.dlt.old_promotions',
  kind: 'table',
  version: null,
  rows: null,
  files: null,
  size_bytes: null,
  modified_at: null,
  comment: null,
  problem: 'Commit 3 of the log is missing: versions after 2 cannot be read.',
};

/** @param {number} version */
function timeOf(version) {
  return new Date(Date.now() - (LATEST - version) * DAY_MS - DAY_MS / 12).toISOString();
}

/** @param {typeof catalog[number]} entry @param {number} [version] */
function summary({ name, kind, comment, rows }, version = LATEST) {
  const then = Math.max(1, Math.round((rows * (version + 1)) / (LATEST + 1)));
  return {
    name,
    kind,
    version,
    rows: then,
    files: 1 + (version % 4),
    size_bytes: 1900 + then * 13,
    modified_at: timeOf(version),
    comment,
    problem: null,
  };
}

export function tables() {
  return { tables: [...catalog.map((entry) => summary(entry)), BROKEN] };
}

/** @param {number} version */
function commit(version) {
  return {
    version,
    timestamp: timeOf(version),
    operation: version === 0 ? 'CREATE TABLE' : 'STREAMING UPDATE',
    files_added: 1,
    files_removed: version % 4 === 0 ? 3 : 0,
    metrics: { numOutputRows: String(1390 + version), numAddedFiles: '1' },
    engine: 'Medallion/0.1.0',
    update_id: updates[LATEST - version]?.update_id ?? null,
  };
}

/** @param {typeof catalog[number]} entry @param {number} version */
function detail(entry, version) {
  return {
    table: summary(entry, version),
    latest_version: LATEST,
    id: 'c4bbadfa-6fbe-4f5e-a37a-295f52407d94',
    columns: entry.columns,
    partition_columns: entry.name.includes('history') ? ['as_of_date'] : [],
    properties: { quality: 'gold', 'delta.autoOptimize.optimizeWrite': 'true' },
    min_reader_version: 1,
    min_writer_version: 2,
  };
}

/** @param {unknown} a @param {unknown} b */
function order(a, b) {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return String(a) < String(b) ? -1 : 1;
}

/** @param {string} operator @param {unknown} value @param {string} wanted */
function holds(operator, value, wanted) {
  if (operator === 'null') return value === null;
  if (operator === 'notnull') return value !== null;
  if (value === null) return false;
  if (operator === 'contains') return String(value).toLowerCase().includes(wanted.toLowerCase());
  const place = order(value, wanted);
  return {
    eq: place === 0,
    ne: place !== 0,
    lt: place < 0,
    le: place <= 0,
    gt: place > 0,
    ge: place >= 0,
  }[operator];
}

/** @param {typeof catalog[number]} entry @param {number} version @param {URLSearchParams} query */
function rows(entry, version, query) {
  const { columns } = entry;
  const whole = summary(entry, version).rows;
  const at = (/** @type {string} */ name) => columns.findIndex((one) => one.name === name);
  let all = Array.from({ length: Math.min(whole, SHOWN_MAX) }, (_, index) =>
    columns.map((one) => cell(one, index)),
  );
  for (const filter of query.getAll('filter')) {
    const [name = '', operator = '', ...value] = filter.split(':');
    all = all.filter((row) => holds(operator, row[at(name)], value.join(':')));
  }
  const sort = query.get('sort') ?? '';
  const by = at(sort.replace(/^-/, ''));
  if (by >= 0) all.sort((a, b) => order(a[by], b[by]) * (sort.startsWith('-') ? -1 : 1));
  const total = query.has('filter') ? all.length : whole;
  return { version, columns, ...page(all, query, 'rows'), total };
}

/** @param {typeof catalog[number]} entry @param {number} version @param {URLSearchParams} query */
function files(entry, version, query) {
  const all = Array.from({ length: 1 + (version % 4) }, (_, index) => ({
    path: `part-0000${index}-86a3b2ca-c3ef-4b97-b1df-29d25d2e9191-c000.zstd.parquet`,
    size_bytes: 20000 + 3977 * index,
    rows: Math.round(entry.rows / (1 + (version % 4))),
    modified_at: timeOf(version - index),
    partition_values: entry.name.includes('history') ? { as_of_date: '2026-05-01' } : {},
  }));
  return { version, ...page(all, query, 'files') };
}

/** @param {typeof catalog[number]} entry @param {number} version */
function profile(entry, version) {
  const sample = Array.from({ length: 400 }, (_, index) => index);
  const { rows: total } = summary(entry, version);
  return {
    version,
    rows: total,
    columns: entry.columns.map((one) => {
      const values = sample.map((index) => cell(one, index)).filter((value) => value !== null);
      values.sort(order);
      const text = (/** @type {unknown} */ value) => (value === undefined ? null : String(value));
      return {
        name: one.name,
        type: one.type,
        nulls: Math.round((total * (sample.length - values.length)) / sample.length),
        distinct: one.type.startsWith('ARRAY') ? null : new Set(values).size,
        min: text(values[0]),
        max: text(values.at(-1)),
      };
    }),
  };
}

/** @param {string} name @param {string | undefined} part @param {URLSearchParams} query */
export function table(name, part, query) {
  const entry = catalog.find((one) => one.name === name);
  if (entry === undefined) return null;
  const version = Number(query.get('version') ?? LATEST);
  if (version > LATEST) return null;
  switch (part) {
    case 'history':
      return { commits: Array.from({ length: LATEST + 1 }, (_, index) => commit(LATEST - index)) };
    case 'files':
      return files(entry, version, query);
    case 'rows':
      return rows(entry, version, query);
    case 'profile':
      return profile(entry, version);
    default:
      return detail(entry, version);
  }
}
