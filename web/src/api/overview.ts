import { array, integer, money, number, object, orNull, string, type Decoded } from './decode';
import { get } from './http';
import { decodeUpdate } from './updates';

const decodePeriod = object({
  from: orNull(string),
  to: orNull(string),
  revenue: money,
  orders: integer,
  customers: integer,
  average_order_value: orNull(money),
});

const decodeSales = object({
  revenue: money,
  customer_revenue: money,
  orders: integer,
  lines: integer,
  units: integer,
  products: integer,
  average_order_value: orNull(money),
  cancelled_orders: integer,
  cancelled_value: orNull(money),
  last_30_days: decodePeriod,
  previous_30_days: decodePeriod,
});
export type Sales = Decoded<typeof decodeSales>;

const decodeCustomerBase = object({
  customers: integer,
  revenue: money,
  average_value: orNull(money),
  median_value: orNull(number),
  mean_recency: orNull(number),
  one_time_buyers: integer,
  dormant_valuable: integer,
  segments: integer,
  clusters: orNull(integer),
  largest_segment: orNull(object({ name: string, customers: integer })),
  highest_revenue_segment: orNull(object({ name: string, revenue: money })),
});
export type CustomerBase = Decoded<typeof decodeCustomerBase>;

const decodeFreshness = object({
  first_sale: orNull(string),
  last_sale: orNull(string),
  days_with_sales: integer,
  last_ingestion: orNull(string),
  files: integer,
});
export type Freshness = Decoded<typeof decodeFreshness>;

const decodeQualityGlance = object({
  rules: integer,
  rules_violated: integer,
  records_checked: integer,
  violations: integer,
  dropped: integer,
  quarantined: integer,
  files_set_aside: integer,
  valid_share: orNull(number),
});
export type QualityGlance = Decoded<typeof decodeQualityGlance>;

const decodeSegmentSize = object({ name: string, customers: integer, revenue: money });
export type SegmentSize = Decoded<typeof decodeSegmentSize>;

const decodeDayRevenue = object({ date: string, revenue: money, orders: integer });
export type DayRevenue = Decoded<typeof decodeDayRevenue>;

const decodeOverview = object({
  as_of_date: orNull(string),
  sales: orNull(decodeSales),
  customers: orNull(decodeCustomerBase),
  freshness: orNull(decodeFreshness),
  quality: orNull(decodeQualityGlance),
  segments: array(decodeSegmentSize),
  revenue_by_day: array(decodeDayRevenue),
  updates: array(decodeUpdate),
});
export type Overview = Decoded<typeof decodeOverview>;

export function getOverview(signal: AbortSignal): Promise<Overview> {
  return get('/overview', decodeOverview, {}, signal);
}
