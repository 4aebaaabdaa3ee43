-- 个人负担与总费用 | Borne by the person, and total cost
-- grain: one row per bill of the period, pharmacies' left out
-- source: I15
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- parameter pharmacy - 药店购药类别 | the kind that is left out
-- column year year 年 | year
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column numerator fen 个人负担 | borne by the person
-- column denominator fen 总费用 | total cost
SELECT year, bucket, row, bill, person, day, scheme, kind, level, paid_person AS numerator, total AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND kind <> $pharmacy
