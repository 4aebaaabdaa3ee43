-- 重点救助对象住院救助 | Medical aid for key recipients' stays
-- grain: one row per settled stay of a key recipient in the period
-- source: B20 L01
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- parameter kinds - 就诊类别 | kinds that are stays
-- parameter categories - 重点救助对象类别 | aid categories that are key recipients
-- column year year 年 | year
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column aid code:aid 救助对象类别 | aid category
-- column numerator fen 医疗救助、倾斜救助、补齐 | aid, second aid, topping-up
-- column denominator fen 保险之后的范围内余额 | in-policy cost left after insurance
SELECT
    year, bucket, row, bill, person, day, scheme, kind, level, aid,
    paid_aid + paid_tilt + paid_topup AS numerator,
    within - paid_pool - paid_large_first - paid_large_second - paid_catastrophic AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND outcome = 0 AND list_contains($kinds, kind) AND list_contains($categories, aid)
