-- 基金收支月报 | Income and outgo of the funds by month
-- grain: one row per year, month and fund; what is in arrears is no income
-- source: I02 基金收支
-- note: a run of contributions and what an account is credited in a year are spread evenly over their months, to the fen;
-- a pooled fund's income is the contributions without what they credit to accounts; retirees' accounts are credited from the pool
-- column year year 年 | year
-- column month count 月 | month
-- column fund code:fund 基金 | fund
-- column income fen 收入 | income
-- column outgo fen 支出 | outgo
-- column balance fen 当期结余 | balance of the month
-- column running fen 本年累计结余 | balance of the year so far
WITH twelve AS (
  SELECT range::TINYINT AS n FROM range(12)
), contributed AS (
  SELECT c.year, c.first_month + t.n AS month, c.scheme,
    c.total // c.months + CASE WHEN t.n < c.total % c.months THEN 1 ELSE 0 END AS basic,
    c.large // c.months + CASE WHEN t.n < c.large % c.months THEN 1 ELSE 0 END AS large,
    c.supplement // c.months + CASE WHEN t.n < c.supplement % c.months THEN 1 ELSE 0 END AS supplement
  FROM (SELECT *, employer_part + person_part + subsidy + aided AS total FROM contribution WHERE state <> 3 AND months > 0) AS c
  JOIN twelve AS t ON t.n < c.months
), account AS (
  SELECT h.year, h.status, h.first_month, h.last_month - h.first_month + 1 AS months, c.account - h.account + coalesce(p.paid, 0) AS fen
  FROM holder AS h
  JOIN closing AS c ON c.year = h.year AND c.bucket = h.bucket AND c.row = h.row
  LEFT JOIN (SELECT year, bucket, holder, sum(paid_account)::BIGINT AS paid FROM settled GROUP BY ALL) AS p
    ON p.year = h.year AND p.bucket = h.bucket AND p.holder = h.row
  WHERE h.scheme = 1
), credited AS (
  SELECT a.year, a.first_month + t.n AS month, a.status, a.fen // a.months + CASE WHEN t.n < a.fen % a.months THEN 1 ELSE 0 END AS fen
  FROM account AS a JOIN twelve AS t ON t.n < a.months
), income AS (
  SELECT year, month, CASE WHEN scheme = 1 THEN 1 ELSE 2 END AS fund, sum(basic) AS fen FROM contributed GROUP BY ALL
  UNION ALL SELECT year, month, 1, -sum(fen) FROM credited WHERE status = 0 GROUP BY ALL
  UNION ALL SELECT year, month, 3, sum(fen) FROM credited GROUP BY ALL
  UNION ALL SELECT year, month, 4, sum(large) FROM contributed GROUP BY ALL
  UNION ALL SELECT year, month, 6, sum(supplement) FROM contributed GROUP BY ALL
), outgo AS (
  SELECT year, month, CASE WHEN scheme = 1 THEN 1 ELSE 2 END AS fund, sum(paid_pool) AS fen FROM settled GROUP BY ALL
  UNION ALL SELECT year, month, 1, sum(fen) FROM credited WHERE status = 1 GROUP BY ALL
  UNION ALL SELECT year, month, 3, sum(paid_account + paid_family) FROM settled GROUP BY ALL
  UNION ALL SELECT year, month, 4, sum(paid_large_first + paid_large_second) FROM settled GROUP BY ALL
  UNION ALL SELECT year, month, 5, sum(paid_catastrophic) FROM settled GROUP BY ALL
  UNION ALL SELECT year, month, 6, sum(paid_civil) FROM settled GROUP BY ALL
  UNION ALL SELECT year, month, 7, sum(paid_aid + paid_tilt + paid_topup) FROM settled GROUP BY ALL
), moved AS (
  SELECT year, month, fund, sum(fen) AS income, 0 AS outgo FROM income GROUP BY ALL
  UNION ALL SELECT year, month, fund, 0, sum(fen) FROM outgo GROUP BY ALL
), both_sides AS (
  SELECT year, month, fund, sum(income) AS income, sum(outgo) AS outgo FROM moved GROUP BY year, month, fund
)
SELECT
  year, month, fund, income::BIGINT AS income, outgo::BIGINT AS outgo, (income - outgo)::BIGINT AS balance,
  (sum(income - outgo) OVER (PARTITION BY year, fund ORDER BY month))::BIGINT AS running
FROM both_sides
WHERE income <> 0 OR outgo <> 0
ORDER BY year, fund, month
