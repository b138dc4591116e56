-- Gold: recency, frequency and monetary value of every customer as of one day. Lines after that day are
-- left out (silver_dq counts them), so any past day can be made again.
CREATE OR REFRESH MATERIALIZED VIEW customer_rfm_gold (
  CustomerID STRING COMMENT 'Customer number',
  MaxInvoiceDate DATE COMMENT 'Day of the last purchase',
  Recency INT COMMENT 'Days from the last purchase to the as-of date',
  Frequency INT COMMENT 'Number of distinct invoices',
  Monetary DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  CONSTRAINT customer_present EXPECT (CustomerID IS NOT NULL),
  CONSTRAINT frequency_positive EXPECT (Frequency >= 1),
  CONSTRAINT monetary_positive EXPECT (Monetary > 0),
  CONSTRAINT recency_not_negative EXPECT (Recency >= 0)
)
COMMENT 'Recency, frequency and monetary value per customer.'
TBLPROPERTIES ('quality' = 'gold')
AS SELECT
  CustomerID,
  max(InvoiceDate) AS MaxInvoiceDate,
  datediff(as_of_date, max(InvoiceDate)) AS Recency,
  CAST(count(DISTINCT InvoiceNo) AS INT) AS Frequency,
  sum(TotalPrice) AS Monetary
FROM retail_transactions_silver CROSS JOIN as_of
WHERE CustomerID IS NOT NULL
  AND NOT IsCancellation
  -- Products have five digits, with or without letters; PADS is a product too, other words are fees.
  AND StockCode RLIKE '^([0-9]{5}[A-Za-z]*|PADS)$'
  AND InvoiceDate <= as_of_date
GROUP BY CustomerID, as_of_date;
