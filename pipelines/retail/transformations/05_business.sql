-- Gold for the Sales and Overview pages. Orders and customers are counted from lines, never summed over
-- groups: a customer of two days is one customer. Revenue leaves cancelled invoices out; their number and
-- value come from bronze, because silver keeps positive quantities only.

CREATE OR REFRESH MATERIALIZED VIEW daily_sales_summary (
  sales_date DATE COMMENT 'Day of the invoices; NULL for cancellations without a readable date',
  Country STRING COMMENT 'Country of the customer',
  orders BIGINT COMMENT 'Distinct invoices',
  customers BIGINT COMMENT 'Distinct customers, of lines that name one',
  lines BIGINT COMMENT 'Sales lines',
  units BIGINT COMMENT 'Units sold',
  revenue DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  average_order_value DECIMAL(18,2) COMMENT 'Revenue per order',
  cancelled_orders BIGINT COMMENT 'Distinct cancelled invoices',
  cancelled_value DECIMAL(31,2) COMMENT 'Value of cancelled lines, in pounds'
)
COMMENT 'Sales and cancellations by day and country.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH lines AS (
  SELECT
    InvoiceDate AS sales_date,
    Country,
    InvoiceNo AS sold_invoice,
    CustomerID,
    Quantity,
    TotalPrice,
    CAST(NULL AS STRING) AS cancelled_invoice,
    CAST(NULL AS DECIMAL(21,2)) AS cancelled_price
  FROM retail_transactions_silver
  WHERE NOT IsCancellation
  UNION ALL
  SELECT try_cast(InvoiceDate AS DATE), Country, NULL, NULL, NULL, NULL, Invoice, -(Quantity * Price)
  FROM retail_transactions_bronze
  WHERE upper(Invoice) LIKE 'C%'
)
SELECT
  sales_date,
  Country,
  count(DISTINCT sold_invoice) AS orders,
  count(DISTINCT CustomerID) AS customers,
  count(sold_invoice) AS lines,
  coalesce(sum(Quantity), 0) AS units,
  coalesce(sum(TotalPrice), 0) AS revenue,
  round(sum(TotalPrice) / nullif(count(DISTINCT sold_invoice), 0), 2) AS average_order_value,
  count(DISTINCT cancelled_invoice) AS cancelled_orders,
  coalesce(sum(cancelled_price), 0) AS cancelled_value
FROM lines
GROUP BY sales_date, Country;

CREATE OR REFRESH MATERIALIZED VIEW product_performance (
  StockCode STRING COMMENT 'Product code',
  Description STRING COMMENT 'The description most of its lines carry',
  revenue_rank INT COMMENT '1 is the highest revenue; equal revenue, equal rank',
  revenue DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  units BIGINT COMMENT 'Units sold',
  orders BIGINT COMMENT 'Distinct invoices',
  customers BIGINT COMMENT 'Distinct customers, of lines that name one',
  lines BIGINT COMMENT 'Sales lines',
  average_unit_price DECIMAL(18,2) COMMENT 'Revenue per unit',
  first_sold DATE COMMENT 'Day of the first sale',
  last_sold DATE COMMENT 'Day of the last sale'
)
COMMENT 'Sales by product, ranked by revenue.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH descriptions AS (
  SELECT
    StockCode,
    Description,
    row_number() OVER (PARTITION BY StockCode ORDER BY count(*) DESC, Description) AS place
  FROM retail_transactions_silver
  WHERE NOT IsCancellation AND Description IS NOT NULL
  GROUP BY StockCode, Description
),
sales AS (
  SELECT
    StockCode,
    sum(TotalPrice) AS revenue,
    sum(Quantity) AS units,
    count(DISTINCT InvoiceNo) AS orders,
    count(DISTINCT CustomerID) AS customers,
    count(*) AS lines,
    min(InvoiceDate) AS first_sold,
    max(InvoiceDate) AS last_sold
  FROM retail_transactions_silver
  WHERE NOT IsCancellation
  GROUP BY StockCode
)
SELECT
  sales.StockCode,
  descriptions.Description,
  rank() OVER (ORDER BY revenue DESC) AS revenue_rank,
  revenue,
  units,
  orders,
  customers,
  lines,
  round(revenue / units, 2) AS average_unit_price,
  first_sold,
  last_sold
FROM sales
LEFT JOIN descriptions ON descriptions.StockCode = sales.StockCode AND descriptions.place = 1;

CREATE OR REFRESH MATERIALIZED VIEW customer_analytics (
  CustomerID STRING COMMENT 'Customer number',
  Country STRING COMMENT 'The country most of the lines carry',
  first_order_date DATE COMMENT 'Day of the first order',
  last_order_date DATE COMMENT 'Day of the last order',
  customer_days INT COMMENT 'Days from the first order to the last',
  active_days BIGINT COMMENT 'Days with an order',
  orders BIGINT COMMENT 'Distinct invoices',
  lines BIGINT COMMENT 'Sales lines',
  units BIGINT COMMENT 'Units bought',
  products BIGINT COMMENT 'Distinct products',
  revenue DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  average_order_value DECIMAL(18,2) COMMENT 'Revenue per order',
  is_repeat_customer BOOLEAN COMMENT 'Whether there is more than one order'
)
COMMENT 'Every customer over the whole life, all products.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH countries AS (
  SELECT
    CustomerID,
    Country,
    row_number() OVER (PARTITION BY CustomerID ORDER BY count(*) DESC, Country) AS place
  FROM retail_transactions_silver
  WHERE NOT IsCancellation AND CustomerID IS NOT NULL AND Country IS NOT NULL
  GROUP BY CustomerID, Country
),
purchases AS (
  SELECT
    CustomerID,
    min(InvoiceDate) AS first_order_date,
    max(InvoiceDate) AS last_order_date,
    count(DISTINCT InvoiceDate) AS active_days,
    count(DISTINCT InvoiceNo) AS orders,
    count(*) AS lines,
    sum(Quantity) AS units,
    count(DISTINCT StockCode) AS products,
    sum(TotalPrice) AS revenue
  FROM retail_transactions_silver
  WHERE NOT IsCancellation AND CustomerID IS NOT NULL
  GROUP BY CustomerID
)
SELECT
  purchases.CustomerID,
  countries.Country,
  first_order_date,
  last_order_date,
  datediff(last_order_date, first_order_date) AS customer_days,
  active_days,
  orders,
  lines,
  units,
  products,
  revenue,
  round(revenue / orders, 2) AS average_order_value,
  orders > 1 AS is_repeat_customer
FROM purchases
LEFT JOIN countries ON countries.CustomerID = purchases.CustomerID AND countries.place = 1;

-- One row. Growth compares the 30 days up to the last sale with the 30 days before them.
CREATE OR REFRESH MATERIALIZED VIEW executive_summary (
  first_sale_date DATE COMMENT 'Day of the first sale',
  last_sale_date DATE COMMENT 'Day of the last sale',
  days_with_sales BIGINT COMMENT 'Days with at least one sale',
  total_revenue DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  customer_revenue DECIMAL(31,2) COMMENT 'Of it, from lines that name a customer',
  orders BIGINT COMMENT 'Distinct invoices',
  customers BIGINT COMMENT 'Distinct customers',
  products BIGINT COMMENT 'Distinct products',
  lines BIGINT COMMENT 'Sales lines',
  units BIGINT COMMENT 'Units sold',
  average_order_value DECIMAL(18,2) COMMENT 'Revenue per order',
  average_customer_value DECIMAL(18,2) COMMENT 'Customer revenue per customer',
  one_time_customers BIGINT COMMENT 'Customers with exactly one order',
  cancelled_orders BIGINT COMMENT 'Distinct cancelled invoices, from bronze',
  cancelled_value DECIMAL(31,2) COMMENT 'Value of cancelled lines, from bronze, in pounds',
  revenue_last_30_days DECIMAL(31,2) COMMENT 'Revenue of the 30 days up to the last sale',
  revenue_previous_30_days DECIMAL(31,2) COMMENT 'Revenue of the 30 days before',
  revenue_growth_pct DECIMAL(18,2) COMMENT 'Growth from the one to the other, in percent; NULL without earlier revenue',
  last_ingestion TIMESTAMP COMMENT 'When the newest line came in'
)
COMMENT 'Headline figures with growth.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH last_sale AS (
  SELECT max(InvoiceDate) AS last_day FROM retail_transactions_silver WHERE NOT IsCancellation
),
headline AS (
  SELECT
    min(InvoiceDate) AS first_sale_date,
    max(InvoiceDate) AS last_sale_date,
    count(DISTINCT InvoiceDate) AS days_with_sales,
    sum(TotalPrice) AS total_revenue,
    sum(TotalPrice) FILTER (WHERE CustomerID IS NOT NULL) AS customer_revenue,
    count(DISTINCT InvoiceNo) AS orders,
    count(DISTINCT CustomerID) AS customers,
    count(DISTINCT StockCode) AS products,
    count(*) AS lines,
    sum(Quantity) AS units,
    sum(TotalPrice) FILTER (WHERE InvoiceDate > date_sub(last_day, 30)) AS revenue_last_30_days,
    sum(TotalPrice) FILTER (
      WHERE InvoiceDate > date_sub(last_day, 60) AND InvoiceDate <= date_sub(last_day, 30)
    ) AS revenue_previous_30_days,
    max(ingestion_timestamp) AS last_ingestion
  FROM retail_transactions_silver CROSS JOIN last_sale
  WHERE NOT IsCancellation
),
loyalty AS (
  SELECT count_if(NOT is_repeat_customer) AS one_time_customers FROM customer_analytics
),
cancellations AS (
  SELECT
    count(DISTINCT Invoice) AS cancelled_orders,
    coalesce(sum(-(Quantity * Price)), 0) AS cancelled_value
  FROM retail_transactions_bronze
  WHERE upper(Invoice) LIKE 'C%'
)
SELECT
  first_sale_date,
  last_sale_date,
  days_with_sales,
  total_revenue,
  customer_revenue,
  orders,
  customers,
  products,
  lines,
  units,
  round(total_revenue / nullif(orders, 0), 2) AS average_order_value,
  round(customer_revenue / nullif(customers, 0), 2) AS average_customer_value,
  one_time_customers,
  cancelled_orders,
  cancelled_value,
  revenue_last_30_days,
  revenue_previous_30_days,
  round(100 * CAST(revenue_last_30_days - revenue_previous_30_days AS DECIMAL(18,2))
        / nullif(CAST(revenue_previous_30_days AS DECIMAL(18,2)), 0), 2) AS revenue_growth_pct,
  last_ingestion
FROM headline CROSS JOIN loyalty CROSS JOIN cancellations;
