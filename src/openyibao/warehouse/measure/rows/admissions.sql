-- 住院人次与参保人数 | Stays and insured persons
-- grain: one row per stay of the period (numerator 1), and one per living insured person on the day (denominator 1)
-- source: I08 I12
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- parameter day - 期末日 | the day
-- parameter kinds - 就诊类别 | kinds that are stays
-- column person text 人员 | person
-- column bill text 单据号，-1 为参保人行 | bill, -1 for a person's row
-- column numerator count 住院 | 1 = a stay
-- column denominator count 参保人 | 1 = an insured person
SELECT person, bill, 1 AS numerator, 0 AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last AND list_contains($kinds, kind)
UNION ALL
SELECT DISTINCT covered.person, -1 AS bill, 0 AS numerator, 1 AS denominator
FROM cover AS covered
INNER JOIN person AS people ON people.person = covered.person
WHERE covered.starts <= $day AND covered.ends > $day AND (people.died = 0 OR people.died > $day)
