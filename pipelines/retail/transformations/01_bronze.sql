-- Bronze: every line of every landed file, once, as it was written, with where and when it came in.
-- Only Quantity and Price get a type; what does not fit is kept in _rescued_data.
CREATE OR REFRESH STREAMING TABLE retail_transactions_bronze (
  Invoice STRING COMMENT 'Invoice number; a leading C marks a cancellation',
  StockCode STRING COMMENT 'Product code',
  Description STRING COMMENT 'Product description',
  Quantity INT COMMENT 'Units of the line; negative for returns',
  Price DECIMAL(10,2) COMMENT 'Price of one unit, in pounds',
  CustomerID STRING COMMENT 'Customer number as in the file, such as 13085.0',
  Country STRING COMMENT 'Country of the customer',
  InvoiceDate STRING COMMENT 'Invoice date as in the file',
  ingestion_timestamp TIMESTAMP COMMENT 'When the update that read the line began',
  source_file STRING COMMENT 'Path of the file',
  processing_date DATE COMMENT 'Day of the update that read the line',
  _rescued_data STRING COMMENT 'JSON of values that no column could hold, and their file; NULL for a clean line',
  source_record BIGINT COMMENT 'Number of the record in its file, from 1',
  CONSTRAINT invoice_present EXPECT (Invoice IS NOT NULL) ON VIOLATION DROP ROW
)
COMMENT 'Sales lines as landed, with their origin.'
TBLPROPERTIES (
  'quality' = 'bronze',
  'source.location' = '${source}',
  'source.format' = 'csv',
  'delta.autoOptimize.optimizeWrite' = 'true',
  'delta.autoOptimize.autoCompact' = 'true'
)
AS SELECT
  Invoice,
  StockCode,
  Description,
  Quantity,
  Price,
  `Customer ID` AS CustomerID,  -- Delta refuses names with blanks
  Country,
  InvoiceDate,
  current_timestamp() AS ingestion_timestamp,
  _metadata.file_path AS source_file,
  current_date() AS processing_date,
  _rescued_data,
  _metadata.record_number AS source_record
FROM STREAM read_files(
  '${source}',
  format => 'csv',
  header => 'true',
  escape => '"',  -- quotes inside quotes are doubled; Spark's default is a backslash
  -- The contract with whoever delivers the files. Codes such as 085048 keep their zeros as text;
  -- a column that is not named here goes to _rescued_data and is told.
  schema => 'Invoice STRING, StockCode STRING, Description STRING, Quantity INT, Price DECIMAL(10,2),
             `Customer ID` STRING, Country STRING, InvoiceDate STRING',
  schemaEvolutionMode => 'rescue',
  rescuedDataColumn => '_rescued_data',
  pathGlobFilter => '*.{csv,CSV,csv.gz,CSV.GZ,csv.zst}'
);
