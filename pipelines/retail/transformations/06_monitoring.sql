-- How healthy the data is, by the day it was taken in and by the day of the invoices.

CREATE OR REFRESH MATERIALIZED VIEW bronze_dq (
  processing_date DATE COMMENT 'Day of the updates',
  total_records BIGINT COMMENT 'Lines taken in',
  files_processed BIGINT COMMENT 'Files they came from',
  distinct_invoice_date BIGINT COMMENT 'Distinct invoice dates, as text',
  valid_records BIGINT COMMENT 'Lines without rescued data',
  null_invoices BIGINT COMMENT 'Lines without an invoice; those are dropped, so anything above zero is a fault',
  null_stock_codes BIGINT COMMENT 'Lines without a stock code',
  null_customer_ids BIGINT COMMENT 'Lines without a customer',
  bad_quantities BIGINT COMMENT 'Lines with a quantity of zero or below',
  bad_price BIGINT COMMENT 'Lines with a price below zero',
  rescued_data_quality_score DECIMAL(5,2) COMMENT 'Share of lines without rescued data, in percent',
  created_timestamp TIMESTAMP COMMENT 'When this table was built'
)
COMMENT 'Data quality of landed lines by processing date.'
TBLPROPERTIES ('quality' = 'monitoring')
AS SELECT
  processing_date,
  count(*) AS total_records,
  count(DISTINCT source_file) AS files_processed,
  count(DISTINCT InvoiceDate) AS distinct_invoice_date,
  count_if(_rescued_data IS NULL) AS valid_records,
  count_if(Invoice IS NULL) AS null_invoices,
  count_if(StockCode IS NULL) AS null_stock_codes,
  count_if(CustomerID IS NULL) AS null_customer_ids,
  count_if(Quantity <= 0) AS bad_quantities,
  count_if(Price < 0) AS bad_price,
  round(100 * CAST(count_if(_rescued_data IS NULL) AS DECIMAL(18,0)) / count(*), 2) AS rescued_data_quality_score,
  current_timestamp() AS created_timestamp
FROM retail_transactions_bronze
GROUP BY processing_date;

CREATE OR REFRESH MATERIALIZED VIEW bronze_silver_dq_comparison (
  table_layer STRING COMMENT 'bronze_transactions_raw or silver_transactions_clean',
  processing_date DATE COMMENT 'Day of the updates',
  total_records BIGINT COMMENT 'Lines of the layer',
  null_invoice BIGINT COMMENT 'Lines without an invoice',
  bad_invoice BIGINT COMMENT 'Lines whose invoice number has neither 6 nor 7 characters',
  null_stock_code BIGINT COMMENT 'Lines without a stock code',
  null_quantity BIGINT COMMENT 'Lines without a quantity',
  bad_quantity BIGINT COMMENT 'Lines with a quantity of zero or below',
  null_invoice_date BIGINT COMMENT 'Lines without an invoice date',
  bad_price BIGINT COMMENT 'Lines with a price below zero',
  null_customer_id BIGINT COMMENT 'Lines without a customer'
)
COMMENT 'The same defects counted before and after cleaning, by processing date.'
TBLPROPERTIES ('quality' = 'monitoring')
AS
SELECT
  'bronze_transactions_raw' AS table_layer,
  processing_date,
  count(*) AS total_records,
  count_if(Invoice IS NULL) AS null_invoice,
  count_if(length(Invoice) NOT IN (6, 7)) AS bad_invoice,
  count_if(StockCode IS NULL) AS null_stock_code,
  count_if(Quantity IS NULL) AS null_quantity,
  count_if(Quantity <= 0) AS bad_quantity,
  count_if(InvoiceDate IS NULL) AS null_invoice_date,
  count_if(Price < 0) AS bad_price,
  count_if(CustomerID IS NULL) AS null_customer_id
FROM retail_transactions_bronze
GROUP BY processing_date
UNION ALL
SELECT
  'silver_transactions_clean',
  processing_date,
  count(*),
  count_if(InvoiceNo IS NULL),
  count_if(length(InvoiceNo) NOT IN (6, 7)),
  count_if(StockCode IS NULL),
  count_if(Quantity IS NULL),
  count_if(Quantity <= 0),
  count_if(InvoiceDate IS NULL),
  count_if(UnitPrice < 0),
  count_if(CustomerID IS NULL)
FROM retail_transactions_silver
GROUP BY processing_date;

CREATE OR REFRESH MATERIALIZED VIEW dlt_daily_counts (
  table_layer STRING COMMENT '01_bronze_transactions_raw or 02_silver_transactions_clean',
  invoicedate DATE COMMENT 'Day of the invoices; NULL for text that is no date',
  record_counts BIGINT COMMENT 'Lines of the layer'
)
COMMENT 'Lines per layer and invoice date.'
TBLPROPERTIES ('quality' = 'monitoring')
AS
SELECT
  '01_bronze_transactions_raw' AS table_layer,
  try_cast(InvoiceDate AS DATE) AS invoicedate,
  count(*) AS record_counts
FROM retail_transactions_bronze
GROUP BY try_cast(InvoiceDate AS DATE)
UNION ALL
SELECT '02_silver_transactions_clean', InvoiceDate, count(*)
FROM retail_transactions_silver
GROUP BY InvoiceDate;

-- What no rule on a single line can see: keys that repeat, and lines that gold leaves out because they
-- are dated after the as-of date.
CREATE OR REFRESH MATERIALIZED VIEW silver_dq (
  invoicedate DATE COMMENT 'Day of the invoices',
  total_records BIGINT COMMENT 'Lines of silver',
  distinct_keys BIGINT COMMENT 'Distinct surrogate keys',
  records_after_as_of_date BIGINT COMMENT 'Lines dated after the as-of date',
  CONSTRAINT surrogate_key_unique EXPECT (distinct_keys = total_records),
  CONSTRAINT not_after_as_of_date EXPECT (records_after_as_of_date = 0)
)
COMMENT 'Repeated keys and lines from the future, by invoice date.'
TBLPROPERTIES ('quality' = 'monitoring')
AS SELECT
  InvoiceDate AS invoicedate,
  count(*) AS total_records,
  count(DISTINCT SurrogateKey) AS distinct_keys,
  count_if(InvoiceDate > as_of_date) AS records_after_as_of_date
FROM retail_transactions_silver CROSS JOIN as_of
GROUP BY InvoiceDate;
