"""The yardstick of bench/run_update.py: what a plain DuckDB script does for the retail pipeline's tables: reads the daily
files, filters, aggregates and writes Parquet, without Delta, expectations, quarantine, event log or checkpoints.

  plain_duckdb.py SOURCE OUTPUT AS_OF_DATE THREADS     prints the seconds from connecting to the last file
"""

import pathlib
import sys
import time

import duckdb

BRONZE = """
SELECT Invoice, StockCode, Description, TRY_CAST(Quantity AS INTEGER) AS Quantity,
       TRY_CAST(Price AS DECIMAL(10,2)) AS Price, "Customer ID" AS CustomerID, Country, InvoiceDate,
       now() AS ingestion_timestamp, filename AS source_file, current_date AS processing_date
FROM read_csv('{source}/*.csv', header=true, all_varchar=true, filename=true, quote='"', escape='"')
WHERE Invoice IS NOT NULL
"""

SILVER = r"""
SELECT Invoice AS InvoiceNo, StockCode, Description, Quantity, Price AS UnitPrice,
       regexp_replace(CustomerID, '[.]0+$', '') AS CustomerID, Country, TRY_CAST(InvoiceDate AS DATE) AS InvoiceDate,
       ingestion_timestamp, source_file, processing_date, upper(Invoice) LIKE 'C%' AS IsCancellation,
       CAST(CAST(Quantity AS DECIMAL(10,0)) * Price AS DECIMAL(21,2)) AS TotalPrice,
       year(TRY_CAST(InvoiceDate AS DATE)) AS Year, month(TRY_CAST(InvoiceDate AS DATE)) AS Month,
       dayofweek(TRY_CAST(InvoiceDate AS DATE)) + 1 AS DayOfWeek,
       concat_ws('_', Invoice, StockCode, Quantity) AS SurrogateKey
FROM bronze
WHERE length(Invoice) IN (6, 7) AND StockCode IS NOT NULL AND Quantity > 0 AND Price >= 0
  AND TRY_CAST(InvoiceDate AS DATE) IS NOT NULL
"""

VIEWS = {
    "customer_rfm_gold": """
SELECT CustomerID, max(InvoiceDate) AS MaxInvoiceDate, date_diff('day', max(InvoiceDate), DATE '{as_of}') AS Recency,
       count(DISTINCT InvoiceNo) AS Frequency, sum(TotalPrice) AS Monetary
FROM silver
WHERE CustomerID IS NOT NULL AND NOT IsCancellation AND regexp_matches(StockCode, '^([0-9]{{5}}[A-Za-z]*|PADS)$')
  AND InvoiceDate <= DATE '{as_of}'
GROUP BY CustomerID""",
    "segment_labels": """
WITH medians AS (SELECT median(Recency) AS r, median(Frequency) AS f, median(CAST(Monetary AS DOUBLE)) AS m
                 FROM customer_rfm_gold)
SELECT CustomerID, Recency, Frequency, Monetary,
       CASE WHEN Monetary > 2 * m THEN 'High Value' WHEN Monetary > m THEN 'Growing Value' ELSE 'Base Value' END
       || ' - ' ||
       CASE WHEN Recency < r AND Frequency > f THEN 'Active & Engaged' WHEN Frequency > f THEN 'At Risk'
            WHEN Recency < r THEN 'Developing' ELSE 'Inactive' END AS segment
FROM customer_rfm_gold CROSS JOIN medians""",
    "segment_summary": """
SELECT segment, count(*) AS customers, avg(Monetary) AS avg_m, median(CAST(Monetary AS DOUBLE)) AS med_m, avg(Frequency) AS avg_f,
       median(Frequency) AS med_f, avg(Recency) AS avg_r, median(Recency) AS med_r, sum(Monetary) AS revenue
FROM segment_labels GROUP BY segment""",
    "daily_sales_summary": """
SELECT InvoiceDate, Country, count(DISTINCT InvoiceNo) AS orders, count(DISTINCT CustomerID) AS customers,
       count(*) AS lines, sum(Quantity) AS units, sum(TotalPrice) AS revenue
FROM silver WHERE NOT IsCancellation GROUP BY ALL""",
    "product_performance": """
SELECT StockCode, mode(Description) AS Description, sum(TotalPrice) AS revenue, sum(Quantity) AS units,
       count(DISTINCT InvoiceNo) AS orders, count(DISTINCT CustomerID) AS customers, count(*) AS lines,
       min(InvoiceDate) AS first_sold, max(InvoiceDate) AS last_sold
FROM silver WHERE NOT IsCancellation GROUP BY StockCode""",
    "customer_analytics": """
SELECT CustomerID, mode(Country) AS Country, min(InvoiceDate) AS first_order_date, max(InvoiceDate) AS last_order_date,
       count(DISTINCT InvoiceDate) AS active_days, count(DISTINCT InvoiceNo) AS orders, count(*) AS lines,
       sum(Quantity) AS units, count(DISTINCT StockCode) AS products, sum(TotalPrice) AS revenue
FROM silver WHERE NOT IsCancellation AND CustomerID IS NOT NULL GROUP BY CustomerID""",
    "executive_summary": """
SELECT min(InvoiceDate) AS first_sale, max(InvoiceDate) AS last_sale, count(DISTINCT InvoiceDate) AS days,
       sum(TotalPrice) AS revenue, count(DISTINCT InvoiceNo) AS orders, count(DISTINCT CustomerID) AS customers,
       count(DISTINCT StockCode) AS products, count(*) AS lines, sum(Quantity) AS units
FROM silver WHERE NOT IsCancellation""",
    "bronze_dq": """
SELECT processing_date, count(*) AS total_records, count(DISTINCT source_file) AS files_processed,
       count(DISTINCT InvoiceDate) AS dates, count(*) FILTER (CustomerID IS NULL) AS null_customer_ids,
       count(*) FILTER (Quantity <= 0) AS bad_quantities, count(*) FILTER (Price < 0) AS bad_price
FROM bronze GROUP BY processing_date""",
    "bronze_silver_dq_comparison": """
SELECT 'bronze' AS layer, processing_date, count(*) AS records, count(*) FILTER (CustomerID IS NULL) AS null_customer_id,
       count(*) FILTER (Quantity <= 0) AS bad_quantity FROM bronze GROUP BY processing_date
UNION ALL
SELECT 'silver', processing_date, count(*), count(*) FILTER (CustomerID IS NULL), count(*) FILTER (Quantity <= 0)
FROM silver GROUP BY processing_date""",
    "dlt_daily_counts": """
SELECT 'bronze' AS layer, TRY_CAST(InvoiceDate AS DATE) AS invoicedate, count(*) AS records FROM bronze GROUP BY ALL
UNION ALL
SELECT 'silver', InvoiceDate, count(*) FROM silver GROUP BY InvoiceDate""",
    "silver_dq": """
SELECT InvoiceDate, count(*) AS records, count(DISTINCT SurrogateKey) AS keys FROM silver GROUP BY InvoiceDate""",
}


def main(source, output, as_of, threads):
    started = time.perf_counter()
    folder = pathlib.Path(output)
    folder.mkdir(parents=True)
    connection = duckdb.connect(config={"threads": threads, "memory_limit": "400MB"})

    def write(name, query):
        path = folder / f"{name}.parquet"
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")

    write("bronze", BRONZE.format(source=source))
    write("silver", SILVER)
    for name, query in VIEWS.items():
        write(name, query.format(as_of=as_of))
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
