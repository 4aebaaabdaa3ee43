-- 机构费用排名 | Institutions by money
-- grain: one row per year and institution, the dearest first
-- source: K17 统计报表
-- parameter top 20 每年机构数 | institutions per year
-- column year year 年 | year
-- column place count 名次 | rank
-- column code text 机构编码 | code
-- column name text 机构 | institution
-- column level code:level 等级 | level
-- column bills count 结算单数 | bills
-- column persons count 人数 | persons
-- column stays count 住院次数 | stays
-- column total fen 医疗费总额 | total
-- column fund fen 基金支付 | paid by funds
-- column share rate 占基金支付 | share of the funds' money
-- column mean_stay fen 次均住院费用 | mean per stay
WITH sums AS (
  SELECT
    year, institution, count(*) AS bills, count(DISTINCT person) AS persons,
    count(*) FILTER (WHERE kind IN (5, 6)) AS stays,
    sum(total) AS total, sum(paid_fund) AS fund,
    coalesce(sum(total) FILTER (WHERE kind IN (5, 6)), 0) AS stay_total
  FROM settled WHERE outcome = 0 GROUP BY year, institution
)
SELECT
  s.year,
  row_number() OVER (PARTITION BY s.year ORDER BY s.fund DESC, i.code) AS place,
  i.code, i.name, i.level, s.bills, s.persons, s.stays,
  s.total::BIGINT AS total,
  s.fund::BIGINT AS fund,
  CASE WHEN sum(s.fund) OVER (PARTITION BY s.year) = 0 THEN 0
    ELSE (20000 * s.fund + sum(s.fund) OVER (PARTITION BY s.year)) // (2 * sum(s.fund) OVER (PARTITION BY s.year)) END::BIGINT AS share,
  CASE WHEN s.stays = 0 THEN 0 ELSE s.stay_total // s.stays END::BIGINT AS mean_stay
FROM sums AS s JOIN institution AS i ON i.institution = s.institution
QUALIFY row_number() OVER (PARTITION BY s.year ORDER BY s.fund DESC, i.code) <= $top
ORDER BY s.year, place
