-- 在职与退休 | Employees in work and retired
-- grain: one row per person with employee cover on the day
-- source: I08
-- parameter day - 期末日 | the day
-- column person text 人员 | person
-- column numerator count 在职 | 1 = active
-- column denominator count 退休 | 1 = retired
SELECT
    covered.person,
    1 - max(covered.status) AS numerator,
    max(covered.status) AS denominator
FROM cover AS covered
INNER JOIN person AS people ON people.person = covered.person
WHERE covered.scheme = 1 AND covered.starts <= $day AND covered.ends > $day AND (people.died = 0 OR people.died > $day)
GROUP BY covered.person
