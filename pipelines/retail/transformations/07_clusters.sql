-- Customers grouped by k-means over recency, frequency and monetary value, and what to make of the groups. The
-- numbers of clusters appear in no rule: a group is described by its medians against those of all customers.
CREATE OR REFRESH MATERIALIZED VIEW ml.customer_segments_clustered
COMMENT 'Each customer with the cluster of the day; -1, -2 and -3 are outliers by spend, by orders and by both.'
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

CREATE OR REFRESH MATERIALIZED VIEW ml.cluster_summary (
  Cluster INT COMMENT 'Number of the cluster; -1, -2 and -3 are outliers by spend, by orders and by both',
  Count BIGINT COMMENT 'Customers of the cluster',
  Avg_Monetary DECIMAL(18,2) COMMENT 'Mean monetary value, in pounds',
  Med_Monetary DECIMAL(18,2) COMMENT 'Median monetary value, in pounds',
  Avg_Frequency DECIMAL(18,2) COMMENT 'Mean number of invoices',
  Med_Frequency DECIMAL(18,2) COMMENT 'Median number of invoices',
  Avg_Recency DECIMAL(18,2) COMMENT 'Mean days since the last purchase',
  Med_Recency DECIMAL(18,2) COMMENT 'Median days since the last purchase',
  Total_Revenue DECIMAL(31,2) COMMENT 'Sum of the monetary value, in pounds',
  Pct_of_Customers DECIMAL(5,2) COMMENT 'Share of all customers, in percent',
  Pct_of_Revenue DECIMAL(5,2) COMMENT 'Share of all revenue, in percent'
)
COMMENT 'Size and value per cluster and per group of outliers.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH totals AS (
  SELECT
    CAST(count(*) AS DECIMAL(18,0)) AS all_customers,
    CAST(sum(Monetary) AS DECIMAL(18,2)) AS all_revenue
  FROM ml.customer_segments_clustered
),
clusters AS (
  SELECT
    Cluster,
    count(*) AS customers,
    avg(CAST(Monetary AS DECIMAL(26,8))) AS avg_monetary,
    median(Monetary) AS med_monetary,
    avg(CAST(Frequency AS DECIMAL(18,8))) AS avg_frequency,
    median(Frequency) AS med_frequency,
    avg(CAST(Recency AS DECIMAL(18,8))) AS avg_recency,
    median(Recency) AS med_recency,
    sum(Monetary) AS revenue
  FROM ml.customer_segments_clustered
  GROUP BY Cluster
)
SELECT
  Cluster,
  customers AS Count,
  round(avg_monetary, 2) AS Avg_Monetary,
  round(CAST(med_monetary AS DECIMAL(22,4)), 2) AS Med_Monetary,
  round(avg_frequency, 2) AS Avg_Frequency,
  round(CAST(med_frequency AS DECIMAL(22,4)), 2) AS Med_Frequency,
  round(avg_recency, 2) AS Avg_Recency,
  round(CAST(med_recency AS DECIMAL(22,4)), 2) AS Med_Recency,
  revenue AS Total_Revenue,
  round(100 * CAST(customers AS DECIMAL(18,0)) / all_customers, 2) AS Pct_of_Customers,
  round(100 * CAST(revenue AS DECIMAL(18,2)) / nullif(all_revenue, 0), 2) AS Pct_of_Revenue
FROM clusters CROSS JOIN totals;

-- The advice is a table for the marketing team to edit: advice/cluster_advice.csv, one line for each tier, band of
-- frequency and whether the cluster's customers bought lately.
CREATE TEMPORARY VIEW cluster_advice
COMMENT 'Advice per tier, band of frequency and recency, as the marketing team wrote it.'
AS
SELECT
  Tier,
  FrequencyBand,
  try_cast(IsRecent AS BOOLEAN) AS IsRecent,
  `Group` AS Cluster_Group,
  Recommendation
FROM read_files(
  'advice/cluster_advice.csv',
  format => 'csv',
  header => 'true',
  escape => '"',
  schema => 'Tier STRING, FrequencyBand STRING, IsRecent STRING, `Group` STRING, Recommendation STRING'
);

CREATE OR REFRESH MATERIALIZED VIEW ml.cluster_description_and_recommendation (
  Cluster INT COMMENT 'Number of the cluster; -1, -2 and -3 are outliers by spend, by orders and by both',
  Count BIGINT COMMENT 'Customers of the cluster',
  Avg_Monetary DECIMAL(18,2) COMMENT 'Mean monetary value, in pounds',
  Med_Monetary DECIMAL(18,2) COMMENT 'Median monetary value, in pounds',
  Avg_Frequency DECIMAL(18,2) COMMENT 'Mean number of invoices',
  Med_Frequency DECIMAL(18,2) COMMENT 'Median number of invoices',
  Avg_Recency DECIMAL(18,2) COMMENT 'Mean days since the last purchase',
  Med_Recency DECIMAL(18,2) COMMENT 'Median days since the last purchase',
  Total_Revenue DECIMAL(31,2) COMMENT 'Sum of the monetary value, in pounds',
  Pct_of_Customers DECIMAL(5,2) COMMENT 'Share of all customers, in percent',
  Pct_of_Revenue DECIMAL(5,2) COMMENT 'Share of all revenue, in percent',
  Cluster_Description STRING COMMENT 'Tier by spend, and the name of the group',
  Cluster_Recommendation STRING COMMENT 'What to do for customers of this cluster',
  CONSTRAINT recommendation_present EXPECT (Cluster_Recommendation IS NOT NULL)
)
COMMENT 'What each cluster is and what to do for its customers.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH overall AS (
  SELECT
    median(Monetary) AS monetary,
    median(Frequency) AS frequency,
    median(Recency) AS recency
  FROM customer_rfm_gold
),
cluster_medians AS (
  SELECT
    Cluster,
    median(Monetary) AS monetary,
    median(Frequency) AS frequency,
    median(Recency) AS recency
  FROM ml.customer_segments_clustered
  GROUP BY Cluster
),
described AS (
  SELECT
    c.Cluster,
    CASE
      WHEN c.monetary > 4 * o.monetary THEN 'platinum'
      WHEN c.monetary > 2 * o.monetary THEN 'gold'
      WHEN c.monetary > o.monetary THEN 'silver'
      ELSE 'bronze'
    END AS Tier,
    CASE
      WHEN c.frequency > 2 * o.frequency THEN 'high'
      WHEN c.frequency > o.frequency THEN 'middle'
      ELSE 'low'
    END AS FrequencyBand,
    c.recency < o.recency AS IsRecent
  FROM cluster_medians AS c CROSS JOIN overall AS o
)
SELECT
  s.*,
  concat(initcap(d.Tier), ' ', a.Cluster_Group) AS Cluster_Description,
  a.Recommendation AS Cluster_Recommendation
FROM ml.cluster_summary AS s
JOIN described AS d ON s.Cluster = d.Cluster
LEFT JOIN cluster_advice AS a
  ON d.Tier = a.Tier AND d.FrequencyBand = a.FrequencyBand AND d.IsRecent = a.IsRecent;

-- Names of the usual score-based segments, to be edited like the advice: one line for each score of recency and each
-- mean score of frequency and monetary value.
CREATE TEMPORARY VIEW rfm_segments
COMMENT 'Name of each pair of scores, as the marketing team wrote it.'
AS
SELECT R_Score, FM_Score, RFM_Segment
FROM read_files(
  'advice/rfm_segments.csv',
  format => 'csv',
  header => 'true',
  schema => 'R_Score INT, FM_Score INT, RFM_Segment STRING'
);

-- One row per customer with every scheme side by side. Scores are fifths of the ranking, 5 the best; customers of equal
-- figures have equal scores.
CREATE OR REFRESH MATERIALIZED VIEW ml.customer_segments (
  CustomerID STRING COMMENT 'Customer number',
  MaxInvoiceDate DATE COMMENT 'Day of the last purchase',
  Recency INT COMMENT 'Days from the last purchase to the as-of date',
  Frequency INT COMMENT 'Number of distinct invoices',
  Monetary DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  R_Score INT COMMENT '1 to 5, 5 for the most recent fifth',
  F_Score INT COMMENT '1 to 5, 5 for the most frequent fifth',
  M_Score INT COMMENT '1 to 5, 5 for the fifth that spends most',
  RFM_Score STRING COMMENT 'The three scores side by side, such as 545',
  RFM_Segment STRING COMMENT 'Usual name of the scores: Champions, Loyal, At Risk …',
  segment STRING COMMENT 'Rule-based segment: value tier and engagement status',
  recommendation STRING COMMENT 'What to do for customers of the rule-based segment',
  Cluster INT COMMENT 'Number of the cluster; below zero: an outlier',
  Cluster_Description STRING COMMENT 'Tier by spend, and the name of the group',
  Cluster_Recommendation STRING COMMENT 'What to do for customers of the cluster',
  CONSTRAINT rfm_segment_present EXPECT (RFM_Segment IS NOT NULL),
  CONSTRAINT cluster_description_present EXPECT (Cluster_Description IS NOT NULL)
)
COMMENT 'Every customer with scores, score-based name, rule-based segment and cluster.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH ranked AS (
  SELECT
    CustomerID,
    least(5, 1 + CAST(floor(5 * percent_rank() OVER (ORDER BY Recency DESC)) AS INT)) AS R_Score,
    least(5, 1 + CAST(floor(5 * percent_rank() OVER (ORDER BY Frequency)) AS INT)) AS F_Score,
    least(5, 1 + CAST(floor(5 * percent_rank() OVER (ORDER BY Monetary)) AS INT)) AS M_Score
  FROM customer_rfm_gold
)
SELECT
  c.CustomerID,
  c.MaxInvoiceDate,
  c.Recency,
  c.Frequency,
  c.Monetary,
  r.R_Score,
  r.F_Score,
  r.M_Score,
  concat(CAST(r.R_Score AS STRING), CAST(r.F_Score AS STRING), CAST(r.M_Score AS STRING)) AS RFM_Score,
  n.RFM_Segment,
  l.segment,
  l.recommendation,
  c.Cluster,
  d.Cluster_Description,
  d.Cluster_Recommendation
FROM ml.customer_segments_clustered AS c
JOIN ranked AS r ON c.CustomerID = r.CustomerID
JOIN customer_rfm_segment_label_and_recommendation AS l ON c.CustomerID = l.CustomerID
LEFT JOIN ml.cluster_description_and_recommendation AS d ON c.Cluster = d.Cluster
LEFT JOIN rfm_segments AS n ON r.R_Score = n.R_Score AND CAST(floor((r.F_Score + r.M_Score + 1) / 2) AS INT) = n.FM_Score;
