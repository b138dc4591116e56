import { AS_OF_DATE, customers, dayBefore } from './customers.js';
import { filtered, groupBy, mean, quantile, revenueOf } from './filter.js';
import { randomSource } from './random.js';
import { updates } from './updates.js';

const random = randomSource(7);

export function overview() {
  const segments = [...groupBy(filtered(new URLSearchParams()), (c) => c.segment)]
    .map(([name, group]) => ({ name, customers: group.length, revenue: revenueOf(group) }))
    .sort((a, b) => Number(b.revenue) - Number(a.revenue));
  const largest = [...segments].sort((a, b) => b.customers - a.customers)[0];
  const richest = segments[0];
  const monetary = customers.map((c) => Number(c.monetary));
  const days = Array.from({ length: 220 }, (_, index) => index);
  return {
    as_of_date: AS_OF_DATE,
    sales: {
      revenue: '6271359.06',
      customer_revenue: '5456630.74',
      orders: 14000,
      lines: 313529,
      units: 3862552,
      products: 4036,
      average_order_value: '447.95',
      cancelled_orders: 3024,
      cancelled_value: '366439.83',
      last_30_days: {
        from: '2026-01-02',
        to: '2026-01-31',
        revenue: '792941.24',
        orders: 1690,
        customers: 1012,
        average_order_value: '469.20',
      },
      previous_30_days: {
        from: '2025-12-03',
        to: '2026-01-01',
        revenue: '769963.74',
        orders: 1744,
        customers: 1049,
        average_order_value: '441.49',
      },
    },
    customers: {
      customers: customers.length,
      revenue: revenueOf(customers),
      average_value: mean(monetary).toFixed(2),
      median_value: quantile(monetary, 0.5),
      mean_recency: mean(customers.map((c) => c.recency)),
      one_time_buyers: customers.filter((c) => c.frequency === 1).length,
      dormant_valuable: customers.filter((c) => /^High Value - (At Risk|Inactive)/.test(c.segment))
        .length,
      segments: segments.length,
      clusters: 5,
      largest_segment: largest && { name: largest.name, customers: largest.customers },
      highest_revenue_segment: richest && { name: richest.name, revenue: richest.revenue },
    },
    freshness: {
      first_sale: '2025-06-26',
      last_sale: '2026-01-31',
      days_with_sales: 220,
      last_ingestion: updates[0]?.ended_at ?? null,
      files: 307,
    },
    quality: {
      rules: 16,
      rules_violated: 5,
      records_checked: 635480,
      violations: 98322,
      dropped: 8422,
      quarantined: 8422,
      files_set_aside: 1,
      valid_share: 99.99657,
    },
    segments,
    revenue_by_day: days.map((day) => ({
      date: dayBefore(309 - day),
      revenue: (15000 + 90 * day + 14000 * random()).toFixed(2),
      orders: Math.round(40 + 40 * random()),
    })),
    updates,
  };
}
