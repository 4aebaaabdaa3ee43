-- 不予支付的单据 | Bills that no fund paid
-- grain: one row per bill of the period
-- source: K17
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- column year year 年 | year
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column outcome text 不予支付原因 | reason, 0 = settled
-- column numerator count 不予支付 | 1 = refused
-- column denominator count 单据 | 1 = a bill
SELECT year, bucket, row, bill, person, day, scheme, kind, level, outcome, CASE WHEN outcome <> 0 THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last
