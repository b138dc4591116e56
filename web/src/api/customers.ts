import {
  array,
  boolean,
  integer,
  money,
  number,
  object,
  orNull,
  string,
  type Decoded,
} from './decode';
import { get } from './http';
import { apiPath } from './query';
import type { CustomerFilter } from './segments';

const decodeCustomerRow = object({
  customer_id: string,
  country: orNull(string),
  last_order: orNull(string),
  recency: integer,
  frequency: integer,
  monetary: money,
  r_score: integer,
  f_score: integer,
  m_score: integer,
  segment: string,
  score_segment: orNull(string),
  cluster: orNull(integer),
  cluster_description: orNull(string),
});
export type CustomerRow = Decoded<typeof decodeCustomerRow>;

const decodeCustomerPage = object({
  total: integer,
  next_cursor: orNull(string),
  customers: array(decodeCustomerRow),
});
export type CustomerPage = Decoded<typeof decodeCustomerPage>;

const decodeLife = object({
  first_order: orNull(string),
  last_order: orNull(string),
  orders: integer,
  lines: integer,
  units: integer,
  products: integer,
  revenue: money,
  average_order_value: orNull(money),
  active_days: integer,
  customer_days: integer,
});
export type CustomerLife = Decoded<typeof decodeLife>;

const decodeWhy = object({
  model_version: integer,
  outlier: boolean,
  features: array(object({ name: string, value: number })),
  nearest: array(object({ cluster: integer, distance: number, centroid: array(number) })),
  fences: array(object({ feature: string, value: number, low: number, high: number })),
});
export type ClusterReason = Decoded<typeof decodeWhy>;

const decodeRuleWhy = object({
  median_recency: number,
  median_frequency: number,
  median_monetary: number,
});
export type RuleReason = Decoded<typeof decodeRuleWhy>;

const decodeCustomer = object({
  profile: decodeCustomerRow,
  life: orNull(decodeLife),
  recommendation: orNull(string),
  cluster_recommendation: orNull(string),
  why: orNull(decodeWhy),
  rule_why: orNull(decodeRuleWhy),
  revenue_by_month: array(object({ month: string, revenue: money, orders: integer })),
  history: array(
    object({
      as_of_date: string,
      recency: integer,
      frequency: integer,
      monetary: money,
      segment: orNull(string),
      cluster: orNull(integer),
    }),
  ),
});
export type Customer = Decoded<typeof decodeCustomer>;

const decodeOrder = object({
  invoice: string,
  date: orNull(string),
  cancelled: boolean,
  units: integer,
  revenue: money,
  lines: array(
    object({
      stock_code: string,
      description: orNull(string),
      quantity: integer,
      unit_price: money,
      total: money,
    }),
  ),
});
export type Order = Decoded<typeof decodeOrder>;

const decodeOrderPage = object({
  total: integer,
  next_cursor: orNull(string),
  orders: array(decodeOrder),
});
export type OrderPage = Decoded<typeof decodeOrderPage>;

export const EXPORT_FORMATS = ['csv', 'xlsx', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_COLUMNS = [
  'CustomerID',
  'Country',
  'MaxInvoiceDate',
  'Recency',
  'Frequency',
  'Monetary',
  'R_Score',
  'F_Score',
  'M_Score',
  'RFM_Score',
  'RFM_Segment',
  'segment',
  'recommendation',
  'Cluster',
  'Cluster_Description',
  'Cluster_Recommendation',
] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

export function listCustomers(
  query: CustomerFilter & { sort: string },
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<CustomerPage> {
  return get('/customers', decodeCustomerPage, { ...query, cursor }, signal);
}

export function getCustomer(id: string, signal: AbortSignal): Promise<Customer> {
  return get(`/customers/${encodeURIComponent(id)}`, decodeCustomer, {}, signal);
}

export function listOrders(
  id: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<OrderPage> {
  const path = `/customers/${encodeURIComponent(id)}/orders`;
  return get(path, decodeOrderPage, { limit: 20, cursor }, signal);
}

/** The address of the campaign list; the server names the file. */
export function exportPath(
  format: ExportFormat,
  columns: readonly ExportColumn[],
  filter: CustomerFilter,
): string {
  return apiPath('/customers/export', { format, column: columns, ...filter });
}
