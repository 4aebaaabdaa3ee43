-- 异地就医与直接结算 | Care elsewhere and whether it was settled at the window
-- grain: one row per bill of some kinds at an institution outside the city, in the period
-- source: D08 L01
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- parameter kinds - 就诊类别 | kinds
-- parameter province - 本省代码 | the home province, two digits
-- parameter abroad - 1 跨省 0 省内 | 1 = other provinces, 0 = elsewhere in the province
-- column year year 年 | year
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column place area 就医地区划 | place of care
-- column numerator count 直接结算 | 1 = settled at the window
-- column denominator count 异地就医 | 1 = care elsewhere
SELECT year, bucket, row, bill, person, day, scheme, kind, level, place, direct AS numerator, 1 AS denominator
FROM settled
WHERE
    year = $year AND month BETWEEN $first AND $last AND list_contains($kinds, kind)
    AND place <> 0 AND (place // 10000 <> $province) = ($abroad = 1)
