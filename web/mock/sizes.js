/** Rows of each table after all files were taken in, and what a usual day adds. */
/** @type {Record<string, number>} */
const ROWS = {
  retail_transactions_bronze: 321951,
  retail_transactions_silver: 313529,
  customer_rfm_gold: 3291,
  customer_rfm_segment_label_and_recommendation: 3291,
  segment_summary: 12,
  daily_sales_summary: 997,
  product_performance: 4036,
  customer_analytics: 3315,
  executive_summary: 1,
  bronze_dq: 18,
  bronze_silver_dq_comparison: 36,
  dlt_daily_counts: 440,
  silver_dq: 220,
  customer_segments_clustered: 3291,
  cluster_summary: 8,
  cluster_description_and_recommendation: 8,
  customer_segments: 3291,
  customer_segment_history: 59238,
  segment_movement: 360,
  customer_segment_models: 18,
};

/** @param {string} name full or short name of a table */
export function rowsOf(name) {
  return ROWS[name.replace(/^.*\./, '')] ?? 40;
}
