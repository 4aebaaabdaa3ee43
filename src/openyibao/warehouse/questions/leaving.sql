-- 外转病种 | Diseases that leave the city
-- grain: one row per year, quarter and principal diagnosis of stays, the most money outside the city first
-- source: D24 就医流向季度分析
-- parameter top 30 每季病种数 | diagnoses per quarter
-- column year year 年 | year
-- column quarter count 季度 | quarter
-- column code text 诊断代码 | code
-- column name text 诊断 | diagnosis
-- column stays count 住院次数 | stays
-- column left_stays count 市外住院 | stays outside
-- column left_share rate 外转率 | share outside
-- column total fen 市外费用 | money outside
-- column fund fen 市外基金支付 | funds outside
-- column mean_outside fen 市外次均 | mean outside
-- column mean_home fen 市内次均 | mean at home
WITH stay AS (
  SELECT year, (month + 2) // 3 AS quarter, diagnosis, total, paid_fund, institution_place <> 0 AS away
  FROM settled WHERE outcome = 0 AND kind IN (5, 6) AND diagnosis >= 0
), sums AS (
  SELECT
    year, quarter, diagnosis,
    count(*) AS stays,
    count(*) FILTER (WHERE away) AS left_stays,
    coalesce(sum(total) FILTER (WHERE away), 0) AS total,
    coalesce(sum(paid_fund) FILTER (WHERE away), 0) AS fund,
    coalesce(sum(total) FILTER (WHERE NOT away), 0) AS home
  FROM stay GROUP BY year, quarter, diagnosis
)
SELECT
  s.year, s.quarter, d.code, d.name, s.stays, s.left_stays,
  (20000 * s.left_stays + s.stays) // (2 * s.stays) AS left_share,
  s.total::BIGINT AS total,
  s.fund::BIGINT AS fund,
  CASE WHEN s.left_stays = 0 THEN 0 ELSE s.total // s.left_stays END::BIGINT AS mean_outside,
  CASE WHEN s.stays = s.left_stays THEN 0 ELSE s.home // (s.stays - s.left_stays) END::BIGINT AS mean_home
FROM sums AS s JOIN diagnosis AS d ON d.diagnosis = s.diagnosis
WHERE s.left_stays > 0
QUALIFY row_number() OVER (PARTITION BY s.year, s.quarter ORDER BY s.total DESC, d.code) <= $top
ORDER BY s.year, s.quarter, total DESC, d.code
