-- 支出增长分解 | What made spending grow
-- grain: one row per scheme and cause; the causes of a scheme sum exactly to the change of the funds' payments between the two years
-- source: I12 支出增长分析
-- parameter from - 基年 | the year before
-- parameter to - 比较年 | the year after
-- column scheme code:scheme 险种 | scheme
-- column cause code:cause 原因 | cause
-- column fen fen 基金支付变化 | change of the funds' payments
-- column share rate 占基年支出 | share of the first year's payments
-- note: people, then bills per head, then the mix of kinds and levels, then money per bill, each with those before it as they became;
-- every bill counts as volume, refused ones too, so that a benefit that begins shows as money per bill;
-- the last step takes what rounding leaves, so that the sum is exact.
WITH people AS (
  SELECT year, scheme, count(*) AS people FROM holder WHERE year IN ($from, $to) GROUP BY year, scheme
), spent AS (
  SELECT year, scheme, kind, level, count(*) AS bills, sum(paid_fund)::HUGEINT AS fund
  FROM settled WHERE year IN ($from, $to) GROUP BY year, scheme, kind, level
), sums AS (
  SELECT
    p.scheme,
    max(p.people) FILTER (WHERE p.year = $from) AS people_before,
    max(p.people) FILTER (WHERE p.year = $to) AS people_after
  FROM people AS p GROUP BY p.scheme
), totals AS (
  SELECT
    scheme,
    coalesce(sum(bills) FILTER (WHERE year = $from), 0)::HUGEINT AS bills_before,
    coalesce(sum(bills) FILTER (WHERE year = $to), 0)::HUGEINT AS bills_after,
    coalesce(sum(fund) FILTER (WHERE year = $from), 0)::HUGEINT AS fund_before,
    coalesce(sum(fund) FILTER (WHERE year = $to), 0)::HUGEINT AS fund_after
  FROM spent GROUP BY scheme
), cell AS (
  SELECT
    scheme, kind, level,
    coalesce(max(bills) FILTER (WHERE year = $from), 0)::HUGEINT AS bills_before,
    coalesce(max(bills) FILTER (WHERE year = $to), 0)::HUGEINT AS bills_after,
    coalesce(max(fund) FILTER (WHERE year = $from), 0)::HUGEINT AS fund_before,
    coalesce(max(fund) FILTER (WHERE year = $to), 0)::HUGEINT AS fund_after
  FROM spent GROUP BY scheme, kind, level
), mixed AS (  -- the second year's bills at the first year's money per bill; a cell that was not there before has only its own
  SELECT scheme, sum(CASE WHEN bills_before = 0 THEN fund_after ELSE bills_after * fund_before // bills_before END) AS at_old_price
  FROM cell GROUP BY scheme
), step AS (
  SELECT
    t.scheme, t.fund_before, t.fund_after, m.at_old_price,
    CASE WHEN s.people_before > 0 THEN t.fund_before * s.people_after // s.people_before ELSE t.fund_before END AS with_people,
    CASE WHEN t.bills_before > 0 THEN t.fund_before * t.bills_after // t.bills_before ELSE t.fund_before END AS with_bills
  FROM totals AS t JOIN sums AS s ON s.scheme = t.scheme JOIN mixed AS m ON m.scheme = t.scheme
), causes AS (
  SELECT scheme, fund_before, 1 AS cause, with_people - fund_before AS fen FROM step
  UNION ALL SELECT scheme, fund_before, 2, with_bills - with_people FROM step
  UNION ALL SELECT scheme, fund_before, 3, at_old_price - with_bills FROM step
  UNION ALL SELECT scheme, fund_before, 4, fund_after - at_old_price FROM step
  UNION ALL SELECT scheme, fund_before, 5, fund_after - fund_before FROM step
)
SELECT
  scheme, cause, fen::BIGINT AS fen,
  CASE WHEN fund_before = 0 THEN 0 ELSE round(10000.0 * fen::DOUBLE / fund_before::DOUBLE) END::BIGINT AS share
FROM causes
ORDER BY scheme, cause
