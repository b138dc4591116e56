-- Segments by rule: how much a customer spends (value tier) times how lately and often (engagement), each
-- against the median customer. Many customers lie exactly on a median: above and below are strict.
CREATE OR REFRESH MATERIALIZED VIEW customer_rfm_segment_label_and_recommendation (
  CustomerID STRING COMMENT 'Customer number',
  Recency INT COMMENT 'Days from the last purchase to the as-of date',
  Frequency INT COMMENT 'Number of distinct invoices',
  Monetary DECIMAL(31,2) COMMENT 'Sum of line totals, in pounds',
  value_tier STRING COMMENT 'High Value: above twice the median monetary value; Growing Value: above it; else Base Value',
  engagement_status STRING COMMENT 'Active & Engaged, At Risk, Developing or Inactive, by recency and frequency',
  segment STRING COMMENT 'Value tier and engagement status',
  recommendation STRING COMMENT 'What to do for customers of this segment',
  CONSTRAINT recommendation_present EXPECT (recommendation IS NOT NULL)
)
COMMENT 'Rule-based segment of every customer, with a recommendation.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH medians AS (
  SELECT
    median(Recency) AS median_recency,
    median(Frequency) AS median_frequency,
    median(Monetary) AS median_monetary
  FROM customer_rfm_gold
),
labelled AS (
  SELECT
    CustomerID,
    Recency,
    Frequency,
    Monetary,
    CASE
      WHEN Monetary > 2 * median_monetary THEN 'High Value'
      WHEN Monetary > median_monetary THEN 'Growing Value'
      ELSE 'Base Value'
    END AS value_tier,
    CASE
      WHEN Recency < median_recency AND Frequency > median_frequency THEN 'Active & Engaged'
      WHEN Frequency > median_frequency THEN 'At Risk'
      WHEN Recency < median_recency THEN 'Developing'
      ELSE 'Inactive'
    END AS engagement_status
  FROM customer_rfm_gold CROSS JOIN medians
),
advice (value_tier, engagement_status, recommendation) AS (
  VALUES
    ('High Value', 'Active & Engaged',
     'Thank them with exclusive perks and a personal contact; ask for reviews and referrals.'),
    ('High Value', 'At Risk',
     'Get in touch personally now, find out what changed and offer a tailored reason to return.'),
    ('High Value', 'Developing',
     'Turn big first orders into a habit: suggest subscriptions, reorder reminders and matching products.'),
    ('High Value', 'Inactive',
     'Reactivate directly with a strong, time-limited offer based on what they used to buy.'),
    ('Growing Value', 'Active & Engaged',
     'Show what the next tier brings and nudge towards it with volume offers and early access.'),
    ('Growing Value', 'At Risk',
     'Keep them with a personal offer on their usual products before the habit is lost.'),
    ('Growing Value', 'Developing',
     'Nurture with product stories, samples and trials that lead to the second and third order.'),
    ('Growing Value', 'Inactive',
     'Send a reactivation mailing with a modest incentive and new arrivals in their categories.'),
    ('Base Value', 'Active & Engaged',
     'Grow the basket with bundles, add-ons and a free-delivery threshold.'),
    ('Base Value', 'At Risk',
     'Remind them automatically of past purchases and favourites; keep the cost per contact low.'),
    ('Base Value', 'Developing',
     'Run a welcome series that explains the range and rewards the next order.'),
    ('Base Value', 'Inactive',
     'Spend as little as possible: one survey, seasonal news only, then clean the list.')
)
SELECT
  CustomerID,
  Recency,
  Frequency,
  Monetary,
  value_tier,
  engagement_status,
  concat(value_tier, ' - ', engagement_status) AS segment,
  recommendation
FROM labelled LEFT JOIN advice USING (value_tier, engagement_status);

-- One row per segment. Averages are divided at eight more decimals than they show, then rounded half up.
CREATE OR REFRESH MATERIALIZED VIEW segment_summary (
  Segment STRING COMMENT 'Value tier and engagement status',
  recommendation STRING COMMENT 'What to do for customers of this segment',
  Customer_Count BIGINT COMMENT 'Customers of the segment',
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
COMMENT 'Size, value and recommendation per rule-based segment.'
TBLPROPERTIES ('quality' = 'gold')
AS
WITH totals AS (
  SELECT
    CAST(count(*) AS DECIMAL(18,0)) AS all_customers,
    CAST(sum(Monetary) AS DECIMAL(18,2)) AS all_revenue
  FROM customer_rfm_segment_label_and_recommendation
),
segments AS (
  SELECT
    segment,
    recommendation,
    count(*) AS customers,
    avg(CAST(Monetary AS DECIMAL(26,8))) AS avg_monetary,
    median(Monetary) AS med_monetary,
    avg(CAST(Frequency AS DECIMAL(18,8))) AS avg_frequency,
    median(Frequency) AS med_frequency,
    avg(CAST(Recency AS DECIMAL(18,8))) AS avg_recency,
    median(Recency) AS med_recency,
    sum(Monetary) AS revenue
  FROM customer_rfm_segment_label_and_recommendation
  GROUP BY segment, recommendation
)
SELECT
  segment AS Segment,
  recommendation,
  customers AS Customer_Count,
  round(avg_monetary, 2) AS Avg_Monetary,
  round(CAST(med_monetary AS DECIMAL(22,4)), 2) AS Med_Monetary,
  round(avg_frequency, 2) AS Avg_Frequency,
  round(CAST(med_frequency AS DECIMAL(22,4)), 2) AS Med_Frequency,
  round(avg_recency, 2) AS Avg_Recency,
  round(CAST(med_recency AS DECIMAL(22,4)), 2) AS Med_Recency,
  revenue AS Total_Revenue,
  round(100 * CAST(customers AS DECIMAL(18,0)) / all_customers, 2) AS Pct_of_Customers,
  round(100 * CAST(revenue AS DECIMAL(18,2)) / nullif(all_revenue, 0), 2) AS Pct_of_Revenue
FROM segments CROSS JOIN totals;
