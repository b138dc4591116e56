-- Silver: typed sales lines that can be trusted. A line that breaks a DROP ROW rule goes to quarantine
-- with its original text. Lines without a customer stay, because revenue needs them; they are counted.
CREATE OR REFRESH STREAMING TABLE retail_transactions_silver (
  InvoiceNo STRING COMMENT 'Invoice number',
  StockCode STRING COMMENT 'Product code',
  Description STRING COMMENT 'Product description',
  Quantity INT COMMENT 'Units, above zero',
  UnitPrice DECIMAL(10,2) COMMENT 'Price of one unit, in pounds, zero or above',
  CustomerID STRING COMMENT 'Customer number without decimals; NULL if the file has none',
  Country STRING COMMENT 'Country of the customer',
  InvoiceDate DATE COMMENT 'Day of the invoice',
  ingestion_timestamp TIMESTAMP COMMENT 'When bronze took the line in',
  source_file STRING COMMENT 'Path of the file',
  processing_date DATE COMMENT 'Day when bronze took the line in',
  IsCancellation BOOLEAN COMMENT 'Whether the invoice number begins with C',
  TotalPrice DECIMAL(21,2) COMMENT 'Quantity times unit price',
  Year INT COMMENT 'Year of the invoice',
  Month INT COMMENT 'Month of the invoice, 1 to 12',
  DayOfWeek INT COMMENT 'Day of the week, 1 is Sunday',
  SurrogateKey STRING COMMENT 'Invoice, stock code, quantity and record number in the file, joined by _',
  CONSTRAINT valid_invoice_no EXPECT (InvoiceNo IS NOT NULL AND length(InvoiceNo) IN (6, 7)) ON VIOLATION DROP ROW,
  CONSTRAINT valid_stock_code EXPECT (StockCode IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT valid_quantity EXPECT (Quantity IS NOT NULL AND Quantity > 0) ON VIOLATION DROP ROW,
  CONSTRAINT valid_unit_price EXPECT (UnitPrice >= 0) ON VIOLATION DROP ROW,
  CONSTRAINT valid_invoice_date EXPECT (InvoiceDate IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT valid_customer_id EXPECT (CustomerID IS NOT NULL)
)
COMMENT 'Clean, typed sales lines.'
TBLPROPERTIES (
  'quality' = 'silver',
  'delta.autoOptimize.optimizeWrite' = 'true',
  'delta.autoOptimize.autoCompact' = 'true'
)
AS
WITH typed AS (
  SELECT
    Invoice AS InvoiceNo,
    StockCode,
    Description,
    Quantity,
    Price AS UnitPrice,
    regexp_replace(CustomerID, '[.]0+$', '') AS CustomerID,  -- 13085.0 is 13085
    Country,
    try_cast(InvoiceDate AS DATE) AS InvoiceDate,  -- NULL if it is no date: the rule decides
    ingestion_timestamp,
    source_file,
    processing_date,
    source_record
  FROM STREAM(retail_transactions_bronze)
)
SELECT
  InvoiceNo,
  StockCode,
  Description,
  Quantity,
  UnitPrice,
  CustomerID,
  Country,
  InvoiceDate,
  ingestion_timestamp,
  source_file,
  processing_date,
  upper(InvoiceNo) LIKE 'C%' AS IsCancellation,
  Quantity * UnitPrice AS TotalPrice,
  year(InvoiceDate) AS Year,
  month(InvoiceDate) AS Month,
  dayofweek(InvoiceDate) AS DayOfWeek,
  -- Equal lines of one invoice are real sales, so the record number makes the key unique.
  concat_ws('_', InvoiceNo, StockCode, CAST(Quantity AS STRING), CAST(source_record AS STRING)) AS SurrogateKey
FROM typed;
