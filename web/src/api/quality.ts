import {
  array,
  integer,
  number,
  object,
  oneOf,
  orNull,
  string,
  unknown,
  type Decoded,
} from './decode';
import { decodeColumn } from './column';
import { get } from './http';
import { decodeRuleAction } from './updates';

const decodeTrendPoint = object({
  update_id: string,
  at: string,
  passed: integer,
  failed: integer,
});

const decodeRuleResult = object({
  dataset: string,
  name: string,
  action: decodeRuleAction,
  predicate: orNull(string),
  passed: integer,
  failed: integer,
  failed_null: integer,
  pass_rate: orNull(number),
  trend: array(decodeTrendPoint),
});
export type RuleResult = Decoded<typeof decodeRuleResult>;

const decodeBatch = object({
  processing_date: string,
  total_records: integer,
  files: integer,
  invoice_dates: integer,
  valid_records: integer,
  valid_share: orNull(number),
  null_invoices: integer,
  null_stock_codes: integer,
  null_customer_ids: integer,
  bad_quantities: integer,
  bad_prices: integer,
});
export type Batch = Decoded<typeof decodeBatch>;

const decodeLayerDefects = object({
  layer: oneOf('bronze', 'silver'),
  processing_date: string,
  total_records: integer,
  null_invoice: integer,
  bad_invoice: integer,
  null_stock_code: integer,
  null_quantity: integer,
  bad_quantity: integer,
  null_invoice_date: integer,
  bad_price: integer,
  null_customer_id: integer,
});
export type LayerDefects = Decoded<typeof decodeLayerDefects>;

const decodeDailyCount = object({ date: orNull(string), bronze: integer, silver: integer });
export type DailyCount = Decoded<typeof decodeDailyCount>;

const decodeQuarantineSize = object({
  table: string,
  rows: integer,
  rules: array(object({ name: string, rows: integer })),
});
export type QuarantineSize = Decoded<typeof decodeQuarantineSize>;

const decodeQuality = object({
  rules: array(decodeRuleResult),
  batches: array(decodeBatch),
  comparison: array(decodeLayerDefects),
  daily_counts: array(decodeDailyCount),
  quarantine: array(decodeQuarantineSize),
  files_set_aside: integer,
});
export type Quality = Decoded<typeof decodeQuality>;

const decodeLandedFile = object({
  path: string,
  name: string,
  state: oneOf('taken', 'set_aside'),
  reason: orNull(string),
  rows: orNull(integer),
  rescued_rows: orNull(integer),
  rows_kept: orNull(integer),
  rows_rejected: orNull(integer),
  ingested_at: orNull(string),
  processing_date: orNull(string),
});
export type LandedFile = Decoded<typeof decodeLandedFile>;

const decodeLandedFilePage = object({
  total: integer,
  next_cursor: orNull(string),
  files: array(decodeLandedFile),
});
export type LandedFilePage = Decoded<typeof decodeLandedFilePage>;

const decodeQuarantinePage = object({
  table: string,
  total: integer,
  next_cursor: orNull(string),
  columns: array(decodeColumn),
  rows: array(object({ rules: array(string), values: array(unknown) })),
});
export type QuarantinePage = Decoded<typeof decodeQuarantinePage>;

export function getQuality(signal?: AbortSignal): Promise<Quality> {
  return get('/quality', decodeQuality, {}, signal);
}

export function listLandedFiles(
  filter: {
    state?: LandedFile['state'] | null;
    search?: string | null;
    cursor?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<LandedFilePage> {
  return get('/quality/files', decodeLandedFilePage, filter, signal);
}

export function listQuarantine(
  filter: { table: string; rule?: string | null; cursor?: string | undefined },
  signal?: AbortSignal,
): Promise<QuarantinePage> {
  return get('/quality/quarantine', decodeQuarantinePage, filter, signal);
}
