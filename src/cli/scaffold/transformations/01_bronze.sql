-- Every line of every file in the folder, once, as it was written.
CREATE OR REFRESH STREAMING TABLE sales_bronze
COMMENT 'Sales lines as landed, with their origin.'
AS SELECT
  Invoice,
  StockCode,
  Description,
  Quantity,
  Price,
  `Customer ID` AS CustomerID,  -- Delta refuses names with blanks
  Country,
  InvoiceDate,
  _rescued_data,
  _metadata.file_path AS source_file
FROM STREAM read_files(
  '${source}',
  format => 'csv',
  header => 'true',
  -- Columns that are not named here go to _rescued_data, so that nothing is lost in silence.
  schema => 'Invoice STRING, StockCode STRING, Description STRING, Quantity INT, Price DECIMAL(10,2),
             `Customer ID` STRING, Country STRING, InvoiceDate STRING',
  schemaEvolutionMode => 'rescue',
  rescuedDataColumn => '_rescued_data'
);
