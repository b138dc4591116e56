-- What is remembered from one as-of date to the next. Each flow replaces the rows of its own date and reads those of the
-- dates before, so a date can be made again, and a full refresh of everything leaves these tables as they are: set
-- pipelines.reset.allowed to true to empty one.
CREATE OR REFRESH STREAMING TABLE ml.customer_segment_history (
  as_of_date DATE COMMENT 'Day as of which the customer was scored',
  CustomerID STRING COMMENT 'Customer number',
  Recency INT COMMENT 'Days from the last purchase to the as-of date',
  Frequency INT COMMENT 'Number of distinct invoices',
  Monetary DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  segment_current STRING COMMENT 'Rule-based segment on the as-of date',
  segment_previous STRING COMMENT 'Rule-based segment on the as-of date before; NULL for a new customer',
  segment_changed_at DATE COMMENT 'As-of date since which the customer is in the segment',
  cluster_current INT COMMENT 'Cluster on the as-of date; below zero: an outlier',
  cluster_previous INT COMMENT 'Cluster on the as-of date before; NULL for a new customer',
  cluster_changed_at DATE COMMENT 'As-of date since which the customer is in the cluster',
  CONSTRAINT segment_present EXPECT (segment_current IS NOT NULL)
)
PARTITIONED BY (as_of_date)
COMMENT 'One row per customer and as-of date: segments then and before, and since when.'
TBLPROPERTIES ('quality' = 'gold', 'pipelines.reset.allowed' = 'false')
FLOW REPLACE WHERE as_of_date = coalesce(CAST(nullif('${as_of_date}', '') AS DATE), current_date()) BY NAME
WITH last_date AS (
  SELECT max(h.as_of_date) AS as_of_date
  FROM ml.customer_segment_history AS h CROSS JOIN as_of AS a
  WHERE h.as_of_date < a.as_of_date
),
before AS (
  SELECT h.*
  FROM ml.customer_segment_history AS h JOIN last_date AS d ON h.as_of_date = d.as_of_date
)
SELECT
  a.as_of_date,
  s.CustomerID,
  s.Recency,
  s.Frequency,
  s.Monetary,
  s.segment AS segment_current,
  b.segment_current AS segment_previous,
  CASE WHEN s.segment = b.segment_current THEN b.segment_changed_at ELSE a.as_of_date END AS segment_changed_at,
  s.Cluster AS cluster_current,
  b.cluster_current AS cluster_previous,
  CASE WHEN s.Cluster = b.cluster_current THEN b.cluster_changed_at ELSE a.as_of_date END AS cluster_changed_at
FROM ml.customer_segments AS s
CROSS JOIN as_of AS a
LEFT JOIN before AS b ON s.CustomerID = b.CustomerID;

-- From where to where customers went since the as-of date before, those who stayed included: the rows of one
-- from_segment add up to its customers then, those of one to_segment to its customers now.
CREATE OR REFRESH STREAMING TABLE ml.segment_movement (
  as_of_date DATE COMMENT 'Day as of which customers were scored',
  previous_date DATE COMMENT 'The as-of date before; NULL on the first',
  scheme STRING COMMENT 'segment: the rule-based one; cluster: the number of the cluster',
  from_segment STRING COMMENT 'Where the customers were; (new): not there yet',
  to_segment STRING COMMENT 'Where the customers are; (gone): not there any more',
  customers BIGINT COMMENT 'Number of customers',
  Monetary DECIMAL(31,2) COMMENT 'Their monetary value, in pounds; before they went, of those who are gone'
)
PARTITIONED BY (as_of_date)
COMMENT 'Customers by where they were on the as-of date before and where they are now.'
TBLPROPERTIES ('quality' = 'gold', 'pipelines.reset.allowed' = 'false')
FLOW REPLACE WHERE as_of_date = coalesce(CAST(nullif('${as_of_date}', '') AS DATE), current_date()) BY NAME
WITH last_date AS (
  SELECT max(h.as_of_date) AS previous_date
  FROM ml.customer_segment_history AS h CROSS JOIN as_of AS a
  WHERE h.as_of_date < a.as_of_date
),
before AS (
  SELECT h.CustomerID, h.segment_current, h.cluster_current, h.Monetary
  FROM ml.customer_segment_history AS h JOIN last_date AS d ON h.as_of_date = d.previous_date
),
today AS (
  SELECT h.CustomerID, h.segment_current, h.cluster_current, h.Monetary
  FROM ml.customer_segment_history AS h JOIN as_of AS a ON h.as_of_date = a.as_of_date
),
customers AS (
  SELECT
    coalesce(b.segment_current, '(new)') AS from_segment,
    coalesce(t.segment_current, '(gone)') AS to_segment,
    coalesce(CAST(b.cluster_current AS STRING), '(new)') AS from_cluster,
    coalesce(CAST(t.cluster_current AS STRING), '(gone)') AS to_cluster,
    coalesce(t.Monetary, b.Monetary) AS Monetary
  FROM before AS b FULL OUTER JOIN today AS t ON b.CustomerID = t.CustomerID
),
moves AS (
  SELECT 'segment' AS scheme, from_segment, to_segment, Monetary FROM customers
  UNION ALL
  SELECT 'cluster' AS scheme, from_cluster, to_cluster, Monetary FROM customers
)
SELECT
  a.as_of_date,
  d.previous_date,
  m.scheme,
  m.from_segment,
  m.to_segment,
  count(*) AS customers,
  sum(m.Monetary) AS Monetary
FROM moves AS m CROSS JOIN as_of AS a CROSS JOIN last_date AS d
GROUP BY a.as_of_date, d.previous_date, m.scheme, m.from_segment, m.to_segment;

-- The registry: by which model the customers of each as-of date were grouped, and how it differs from the one before.
CREATE OR REFRESH STREAMING TABLE ml.customer_segment_models (
  as_of_date DATE COMMENT 'Day as of which the customers were grouped by it',
  ModelVersion BIGINT COMMENT 'Version; the files are in models/<catalog>/ml/customer_segments_clustered/<version>',
  PreviousVersion BIGINT COMMENT 'The model whose cluster numbers were kept; NULL for a first one',
  TrainingTable STRING COMMENT 'Table that it was trained on',
  TrainingTableVersion BIGINT COMMENT 'Version of that table',
  TrainingRows BIGINT COMMENT 'Customers, outliers included',
  k INT COMMENT 'Number of clusters',
  BestK INT COMMENT 'The k of the highest combined score that day; k is kept until another is ahead for three updates',
  CurvatureElbow INT COMMENT 'Where the inertia bends most; for information',
  Inertia DOUBLE COMMENT 'Sum of squared distances to the centroids, in scaled units',
  Silhouette DOUBLE COMMENT 'Mean silhouette',
  SilhouetteRows BIGINT COMMENT 'Customers it was computed from; fewer than all: a sample',
  DaviesBouldin DOUBLE COMMENT 'Davies-Bouldin index; lower is better',
  CalinskiHarabasz DOUBLE COMMENT 'Calinski-Harabasz index; higher is better',
  CentroidShift DOUBLE COMMENT 'Mean distance of the centroids from those before, in scaled units',
  PopulationStability DOUBLE COMMENT 'Population stability index against the model before; 0.25 and more: another population',
  Parameters STRING COMMENT 'JSON: options of the training',
  KSearch STRING COMMENT 'JSON: inertia, silhouette, chord distance and combined score per k',
  Clusters STRING COMMENT 'JSON: id, size and centroid in original units, outlier groups too',
  Changes STRING COMMENT 'JSON: clusters that were kept, split or merged, are new or vanished'
)
PARTITIONED BY (as_of_date)
COMMENT 'The model of each as-of date.'
TBLPROPERTIES ('quality' = 'gold', 'pipelines.reset.allowed' = 'false')
FLOW REPLACE WHERE as_of_date = coalesce(CAST(nullif('${as_of_date}', '') AS DATE), current_date()) BY NAME
SELECT a.as_of_date, m.*
FROM kmeans_model(TABLE(ml.customer_segments_clustered)) AS m CROSS JOIN as_of AS a;
