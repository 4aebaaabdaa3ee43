-- 基本统筹支付按机构等级 | Basic pooled payment by level of institution
-- grain: one row per settled bill of the period that the pool pays for
-- source: E05 L01
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- parameter levels - 基层等级 | levels that are primary
-- column year year 年 | year
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column numerator fen 付给基层机构 | paid to primary institutions
-- column denominator fen 基本统筹支付 | paid by basic insurance
SELECT year, bucket, row, bill, person, day, scheme, kind, level, CASE WHEN list_contains($levels, level) THEN paid_pool ELSE 0 END AS numerator, paid_pool AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND paid_pool <> 0
