-- 就医流向 | Flows of patients
-- grain: one row per year, quarter, county of residence and place of care (a county of the city, or an area outside it)
-- source: D24 就医流向季度分析
-- column year year 年 | year
-- column quarter count 季度 | quarter
-- column county area 居住县区 | county of residence
-- column place area 就医地 | place of care
-- column outside count 市外 | 1 = outside the city
-- column bills count 结算单数 | bills
-- column stays count 住院次数 | stays
-- column persons count 人数 | persons
-- column total fen 医疗费总额 | total
-- column fund fen 基金支付 | paid by funds
-- column person fen 个人负担 | borne by patients
-- column money_share rate 占本县费用 | share of the county's money
WITH moved AS (
  SELECT
    year, (month + 2) // 3 AS quarter, county, person, kind, total, paid_fund, paid_person,
    CASE WHEN institution_place <> 0 THEN institution_place ELSE institution_county END AS place,
    CASE WHEN institution_place <> 0 THEN 1 ELSE 0 END AS outside
  FROM settled WHERE outcome = 0
)
SELECT
  year, quarter, county, place, outside,
  count(*) AS bills,
  count(*) FILTER (WHERE kind IN (5, 6)) AS stays,
  count(DISTINCT person) AS persons,
  sum(total)::BIGINT AS total,
  sum(paid_fund)::BIGINT AS fund,
  sum(paid_person)::BIGINT AS person,
  CASE WHEN sum(sum(total)) OVER (PARTITION BY year, quarter, county) = 0 THEN 0
    ELSE (20000 * sum(total) + sum(sum(total)) OVER (PARTITION BY year, quarter, county))
      // (2 * sum(sum(total)) OVER (PARTITION BY year, quarter, county)) END::BIGINT AS money_share
FROM moved
GROUP BY year, quarter, county, place, outside
ORDER BY year, quarter, county, outside, total DESC, place
