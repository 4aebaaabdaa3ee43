-- 疾病费用地图 | Map of disease costs
-- grain: one row per year and principal diagnosis: how often, what it costs, who pays, where the cover ends
-- source: K16 常见病、多发病、罕见病费用与保障
-- parameter rare 5 罕见：每十万人不超过的人数 | rare: at most so many persons in 100,000
-- parameter common 500 常见：每十万人不少于的人数 | common: at least so many persons in 100,000
-- column year year 年 | year
-- column code text 诊断代码 | code
-- column name text 诊断 | diagnosis
-- column chapter text 章 | chapter
-- column frequency code:frequency 分组 | group
-- column persons count 人数 | persons
-- column per_100000 count 每十万人 | per 100,000
-- column bills count 结算单数 | bills
-- column total fen 医疗费总额 | total
-- column fund fen 基金支付 | paid by funds
-- column fund_share rate 基金支付比例 | share of funds
-- column person fen 个人负担 | borne by patients
-- column outside fen 目录外 | outside the list
-- column gap_share rate 保障缺口 | gap: patients' share
-- column mean_person fen 人均费用 | mean per person
-- column most fen 最高一人费用 | the dearest person
WITH covered AS (
  SELECT year, count(DISTINCT person) AS people FROM holder GROUP BY year
), patient AS (
  SELECT
    year, diagnosis, person, count(*) AS bills, sum(total) AS total, sum(paid_fund) AS fund, sum(paid_person) AS own,
    sum("full" + "over") AS outside
  FROM settled WHERE outcome = 0 AND diagnosis >= 0
  GROUP BY year, diagnosis, person
), sums AS (
  SELECT
    year, diagnosis, count(*) AS persons, sum(bills) AS bills, sum(total) AS total, sum(fund) AS fund, sum(own) AS own,
    sum(outside) AS outside, max(total) AS most
  FROM patient GROUP BY year, diagnosis
)
SELECT
  s.year, d.code, d.name, d.chapter,
  CASE
    WHEN s.persons * 100000 <= $rare * c.people THEN 1
    WHEN s.persons * 100000 >= $common * c.people THEN 3
    ELSE 2
  END AS frequency,
  s.persons,
  s.persons * 100000 // c.people AS per_100000,
  s.bills::BIGINT AS bills,
  s.total::BIGINT AS total,
  s.fund::BIGINT AS fund,
  CASE WHEN s.total = 0 THEN 0 ELSE (20000 * s.fund + s.total) // (2 * s.total) END::BIGINT AS fund_share,
  s.own::BIGINT AS person,
  s.outside::BIGINT AS outside,
  CASE WHEN s.total = 0 THEN 0 ELSE (20000 * s.own + s.total) // (2 * s.total) END::BIGINT AS gap_share,
  (s.total // s.persons)::BIGINT AS mean_person,
  s.most::BIGINT AS most
FROM sums AS s JOIN diagnosis AS d ON d.diagnosis = s.diagnosis JOIN covered AS c ON c.year = s.year
ORDER BY s.year, s.total DESC, d.code
