-- 重点人群参保 | Key groups and whether they are enrolled
-- grain: one row per living person on a key-group list on the day: registered poor, or of an aid category in the cover last begun
-- source: A15 L01
-- parameter day - 期末日 | the day
-- column person text 人员 | person
-- column town text 乡镇 | town
-- column aid code:aid 救助对象类别 | aid category
-- column registered_poor count 建档立卡 | registered poor
-- column numerator count 已参保 | 1 = enrolled
-- column denominator count 在名单 | 1 = on a list
WITH enrolled AS (
    SELECT DISTINCT person FROM cover WHERE starts <= $day AND ends > $day
),
listed AS (
    SELECT person, arg_max(aid, starts) AS aid FROM cover WHERE starts <= $day GROUP BY person
)
SELECT
    people.person,
    people.town,
    coalesce(listed.aid, 0) AS aid,
    people.registered_poor,
    CASE WHEN enrolled.person IS NULL THEN 0 ELSE 1 END AS numerator,
    1 AS denominator
FROM person AS people
LEFT JOIN enrolled ON enrolled.person = people.person
LEFT JOIN listed ON listed.person = people.person
WHERE
    people.born <= $day
    AND (people.died = 0 OR people.died > $day)
    AND (people.registered_poor = 1 OR coalesce(listed.aid, 0) <> 0)
