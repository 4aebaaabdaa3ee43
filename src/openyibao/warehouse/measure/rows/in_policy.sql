-- 政策范围内费用和基本统筹支付 | In-policy cost and basic pooled payment
-- grain: one row per settled bill of a scheme and of some kinds in the period
-- source: B01 B06 L01
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- parameter scheme - 险种 | scheme
-- parameter kinds - 就诊类别 | kinds
-- column year year 年 | year
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column numerator fen 基本统筹支付 | paid by basic insurance
-- column denominator fen 政策范围内费用 | in-policy cost
SELECT year, bucket, row, bill, person, day, scheme, kind, level, paid_pool AS numerator, within AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND outcome = 0 AND scheme = $scheme AND list_contains($kinds, kind)
