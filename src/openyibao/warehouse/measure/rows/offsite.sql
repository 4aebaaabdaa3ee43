-- 基本统筹支付按就医地 | Basic pooled payment by place of care
-- grain: one row per settled bill of the period that the pool pays for
-- source: D24 I17
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
-- column place area 就医地区划 | place of care, 0 = home
-- column numerator fen 付给市外机构 | paid outside the city
-- column denominator fen 基本统筹支付 | paid by basic insurance
SELECT year, bucket, row, bill, person, day, scheme, kind, level, place, CASE WHEN place <> 0 THEN paid_pool ELSE 0 END AS numerator, paid_pool AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND paid_pool <> 0
