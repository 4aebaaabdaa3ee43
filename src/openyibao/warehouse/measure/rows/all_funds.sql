-- 总费用和各项基金支付 | Total cost and what all funds paid
-- grain: one row per bill of a scheme and of some kinds in the period, refused ones too
-- source: B06 K16
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
-- column numerator fen 各项基金支付 | paid by all funds
-- column denominator fen 总费用 | total cost
SELECT year, bucket, row, bill, person, day, scheme, kind, level, paid_fund AS numerator, total AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND scheme = $scheme AND list_contains($kinds, kind)
