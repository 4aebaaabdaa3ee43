-- 期末参保与常住人口 | Enrolled persons and resident population on a day
-- grain: one row per living person who is enrolled or in the resident population on the day
-- source: A01 L01
-- parameter day - 期末日 | the day
-- parameter residents_only 0 分子只计常住人口 | 1 = the numerator counts resident population only
-- column person text 人员 | person
-- column town text 乡镇 | town
-- column numerator count 参保 | 1 = enrolled
-- column denominator count 常住人口 | 1 = resident population
-- Who moved in later is counted from the first day of cover (reason 6); before it the city does not know the person.
WITH enrolled AS (
    SELECT DISTINCT person FROM cover WHERE starts <= $day AND ends > $day
),
arrived AS (
    SELECT person, arg_min(reason, starts) = 6 AS newcomer, min(starts) AS first_day FROM cover GROUP BY person
)
SELECT
    people.person,
    people.town,
    CASE WHEN enrolled.person IS NULL OR (people.resident = 0 AND $residents_only = 1) THEN 0 ELSE 1 END AS numerator,
    people.resident AS denominator
FROM person AS people
LEFT JOIN enrolled ON enrolled.person = people.person
LEFT JOIN arrived ON arrived.person = people.person
WHERE
    people.born <= $day AND (people.died = 0 OR people.died > $day)
    AND (people.resident = 1 OR enrolled.person IS NOT NULL)
    AND NOT coalesce(arrived.newcomer AND arrived.first_day > $day, FALSE)
