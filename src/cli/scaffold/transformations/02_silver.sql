-- Lines that can be trusted. What breaks a rule is counted and kept, with the reason, in quarantine.
CREATE OR REFRESH STREAMING TABLE sales_silver (
  CONSTRAINT positive_quantity EXPECT (Quantity > 0) ON VIOLATION DROP ROW,
  CONSTRAINT valid_date EXPECT (SaleDate IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT known_customer EXPECT (CustomerID IS NOT NULL)
)
COMMENT 'Clean, typed sales lines.'
AS SELECT
  Invoice,
  StockCode,
  Description,
  Quantity,
  Price,
  CustomerID,
  Country,
  try_cast(InvoiceDate AS DATE) AS SaleDate,
  Quantity * Price AS LineTotal
FROM STREAM(sales_bronze);
