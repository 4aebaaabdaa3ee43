-- 建档立卡人口参保 | Registered poor and whether they are enrolled
-- grain: one row per living registered poor person on the day
-- source: A15 L01
-- parameter day - 期末日 | the day
-- column person text 人员 | person
-- column town text 乡镇 | town
-- column numerator count 已参保 | 1 = enrolled
-- column denominator count 建档立卡 | 1 = registered poor
WITH enrolled AS (
    SELECT DISTINCT person FROM cover WHERE starts <= $day AND ends > $day
)
SELECT
    people.person,
    people.town,
    CASE WHEN enrolled.person IS NULL THEN 0 ELSE 1 END AS numerator,
    1 AS denominator
FROM person AS people
LEFT JOIN enrolled ON enrolled.person = people.person
WHERE people.registered_poor = 1 AND people.born <= $day AND (people.died = 0 OR people.died > $day)
