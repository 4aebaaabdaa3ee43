-- 贫困人口参保、资助、待遇落实 | The poor on the lists: enrolled, subsidised, entitled
-- grain: one row per living person on the day who is registered poor, or of an aid category in the cover last begun
-- source: A15 A16 L01
-- parameter year - 年 | year of the premium
-- parameter day - 期末日 | the day
-- parameter due - 应资助类别 | aid categories whose resident premium is aided
-- column person text 人员 | person
-- column town text 乡镇 | town
-- column aid code:aid 救助对象类别 | aid category
-- column enrolled count 已参保 | 1 = enrolled
-- column subsidised count 已资助或不需资助 | 1 = the year's premium was aided, or no aid is due
-- column entitled count 不在等待期 | 1 = in no waiting period
-- column numerator count 三项均落实 | 1 = all three
-- column denominator count 在名单 | 1 = on a list
WITH standing AS (
    SELECT
        person,
        max(CASE WHEN scheme = 1 THEN 1 ELSE 0 END) AS employee,
        max(CASE WHEN wait_until <= $day THEN 1 ELSE 0 END) AS entitled
    FROM cover
    WHERE starts <= $day AND ends > $day
    GROUP BY person
),
listed AS (
    SELECT person, arg_max(aid, starts) AS aid FROM cover WHERE starts <= $day GROUP BY person
),
aided AS (
    SELECT person, 1 AS subsidised FROM contribution WHERE year = $year AND aided > 0 GROUP BY person
),
found AS (
    SELECT
        people.person,
        people.town,
        coalesce(listed.aid, 0) AS aid,
        CASE WHEN standing.person IS NULL THEN 0 ELSE 1 END AS enrolled,
        CASE WHEN list_contains($due, coalesce(listed.aid, 0)) AND coalesce(standing.employee, 0) = 0
            THEN coalesce(aided.subsidised, 0) ELSE 1 END AS subsidised,
        coalesce(standing.entitled, 0) AS entitled
    FROM person AS people
    LEFT JOIN standing ON standing.person = people.person
    LEFT JOIN listed ON listed.person = people.person
    LEFT JOIN aided ON aided.person = people.person
    WHERE
        (people.registered_poor = 1 OR coalesce(listed.aid, 0) <> 0)
        AND people.born <= $day AND (people.died = 0 OR people.died > $day)
)
SELECT *, enrolled * subsidised * entitled AS numerator, 1 AS denominator FROM found
