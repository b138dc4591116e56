import { datasets } from './pipeline.js';
import { randomSource } from './random.js';
import { cell } from './rows.js';
import { rowsOf } from './sizes.js';
import { page } from './updates.js';

const DAY_MS = 86_400_000;
const BATCHES = 18;
const SILVER = 'retail_analytics.dlt.retail_transactions_silver';
/** @type {Record<string, number>} */
const FAILED = { valid_quantity: 8420, valid_unit_price: 2, valid_customer_id: 67813 };

/** @param {number} daysAgo @param {number} [from] */
function day(daysAgo, from = Date.now()) {
  return new Date(from - daysAgo * DAY_MS).toISOString().slice(0, 10);
}

/** @param {typeof datasets[number]} dataset */
function rules(dataset) {
  const random = randomSource(dataset.name.length);
  const checked = dataset.name === SILVER ? 321951 : rowsOf(dataset.name);
  return dataset.expectations.map(({ name, predicate, action }) => {
    const failed = FAILED[name] ?? 0;
    return {
      dataset: dataset.name,
      name,
      action,
      predicate,
      passed: checked - failed,
      failed,
      failed_null: name === 'valid_customer_id' ? failed : 0,
      pass_rate: (100 * (checked - failed)) / checked,
      trend: Array.from({ length: BATCHES }, (_, index) => {
        const bad = Math.round((failed / BATCHES) * (0.6 + 0.8 * random()));
        return {
          update_id: `0198c2f4-0000-7000-8000-${String(400 - (BATCHES - index)).padStart(12, '0')}`,
          at: new Date(Date.now() - (BATCHES - index) * DAY_MS).toISOString(),
          passed: Math.round(checked / BATCHES) - bad,
          failed: bad,
        };
      }),
    };
  });
}

/** @param {number} index 0 is the newest */
function batch(index) {
  const total = index === BATCHES - 1 ? 297080 : 1463;
  const share = total / 321951;
  const valid = total - (index === 5 ? 3 : index === BATCHES - 1 ? 8 : 0);
  return {
    processing_date: day(index),
    total_records: total,
    files: index === BATCHES - 1 ? 203 : 1,
    invoice_dates: index === BATCHES - 1 ? 203 : 1,
    valid_records: valid,
    valid_share: (100 * valid) / total,
    null_invoices: 0,
    null_stock_codes: 0,
    null_customer_ids: Math.round(67813 * share),
    bad_quantities: Math.round(8420 * share),
    bad_prices: index === BATCHES - 1 ? 2 : 0,
  };
}

/** @param {ReturnType<typeof batch>} batch @param {'bronze' | 'silver'} layer */
function defects(batch, layer) {
  const bronze = layer === 'bronze';
  const lost = batch.bad_quantities + batch.bad_prices;
  return {
    layer,
    processing_date: batch.processing_date,
    total_records: batch.total_records - (bronze ? 0 : lost),
    null_invoice: 0,
    bad_invoice: 0,
    null_stock_code: 0,
    null_quantity: 0,
    bad_quantity: bronze ? batch.bad_quantities : 0,
    null_invoice_date: 0,
    bad_price: bronze ? batch.bad_prices : 0,
    null_customer_id: Math.round(batch.null_customer_ids * (bronze ? 1 : 0.9725)),
  };
}

function dailyCounts() {
  const random = randomSource(11);
  return Array.from({ length: 220 }, (_, index) => {
    const bronze = Math.round(900 + 2.4 * index + 900 * random());
    const silver = Math.round(bronze * (0.955 + 0.04 * random()));
    return { date: day(-index, Date.parse('2025-06-26')), bronze, silver };
  });
}

export function quality() {
  const batches = Array.from({ length: BATCHES }, (_, index) => batch(index));
  return {
    rules: datasets.flatMap(rules),
    batches,
    comparison: batches.flatMap((one) => [defects(one, 'bronze'), defects(one, 'silver')]),
    daily_counts: dailyCounts(),
    quarantine: [
      {
        table: SILVER,
        rows: 8422,
        rules: [
          { name: 'valid_quantity', rows: 8420 },
          { name: 'valid_unit_price', rows: 2 },
        ],
      },
      { table: 'retail_analytics.dlt.retail_transactions_bronze', rows: 0, rules: [] },
    ],
    files_set_aside: 1,
  };
}

/** @param {number} index */
function landedFile(index) {
  const date = day(-(219 - index), Date.parse('2025-06-26'));
  const rows = 1100 + ((index * 397) % 900);
  const rejected = Math.round(rows * 0.026);
  return {
    path: `file:///srv/daily_sales/${date}_transactions.csv`,
    name: `${date}_transactions.csv`,
    state: 'taken',
    reason: null,
    rows,
    rescued_rows: index % 40 === 3 ? 2 : 0,
    rows_kept: rows - rejected,
    rows_rejected: rejected,
    ingested_at: new Date(Date.now() - index * DAY_MS).toISOString(),
    processing_date: day(index),
  };
}

const SET_ASIDE = {
  path: 'file:///srv/daily_sales/2026-01-17_transactions (copy).csv',
  name: '2026-01-17_transactions (copy).csv',
  state: 'set_aside',
  reason: 'Line 812 has 5 fields, the header has 8; the file ends in the middle of a record.',
  rows: null,
  rescued_rows: null,
  rows_kept: null,
  rows_rejected: null,
  ingested_at: new Date(Date.now() - 2 * DAY_MS).toISOString(),
  processing_date: null,
};

/** @param {URLSearchParams} query */
export function landedFiles(query) {
  const all = [SET_ASIDE, ...Array.from({ length: 220 }, (_, index) => landedFile(index))];
  const state = query.get('state');
  const search = (query.get('search') ?? '').toLowerCase();
  const found = all.filter(
    (file) => (state === null || file.state === state) && file.path.toLowerCase().includes(search),
  );
  return page(found, query, 'files');
}

/** @param {URLSearchParams} query */
export function quarantine(query) {
  const table = query.get('table') ?? SILVER;
  const columns = datasets.find(({ name }) => name === table)?.columns ?? [];
  const rule = query.get('rule');
  const total = table !== SILVER ? 0 : rule === 'valid_unit_price' ? 2 : 8422;
  const indexes = Array.from({ length: total }, (_, index) => index);
  const rows = indexes.map((index) => ({
    rules: rule === 'valid_unit_price' || index === 7 ? ['valid_unit_price'] : ['valid_quantity'],
    values: columns.map((column) =>
      column.name === 'Quantity' ? -1 - (index % 48) : cell(column, index),
    ),
  }));
  return { table, columns, ...page(rows, query, 'rows') };
}
