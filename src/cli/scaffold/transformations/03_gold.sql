-- Revenue by day.
CREATE OR REFRESH MATERIALIZED VIEW daily_revenue
COMMENT 'Orders and revenue per day.'
AS SELECT
  SaleDate,
  count(DISTINCT Invoice) AS orders,
  sum(LineTotal) AS revenue
FROM sales_silver
GROUP BY SaleDate;
