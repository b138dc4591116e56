-- Customers grouped by k-means over recency, frequency and monetary value; outliers are set apart.
CREATE OR REFRESH MATERIALIZED VIEW customer_segments_clustered
COMMENT 'Each customer with the cluster of the day: -1, -2 and -3 are outliers by spend, by orders, by both.'
TBLPROPERTIES ('quality' = 'gold')
AS SELECT * FROM kmeans(
  TABLE(customer_rfm_gold),
  key => 'CustomerID',
  features => array('Monetary', 'Frequency', 'Recency'),
  outliers => 'iqr',
  k => 'auto',
  k_max => 12,
  restarts => 10,
  max_iterations => 1000,
  seed => 42
);
