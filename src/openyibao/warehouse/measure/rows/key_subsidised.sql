-- 重点救助对象资助参保 | Key recipients in the resident scheme and whether their premium was aided
-- grain: one row per key recipient with a resident premium for the year
-- source: A16 L01
-- parameter year - 年 | year
-- parameter categories - 重点救助对象类别 | aid categories that are key recipients
-- column person text 人员 | person
-- column aid code:aid 救助对象类别 | aid category
-- column aided fen 资助额 | paid by medical aid
-- column numerator count 已资助 | 1 = aided
-- column denominator count 重点救助对象 | 1 = key recipient
SELECT
    paid.person,
    max(standing.aid) AS aid,
    CAST(sum(paid.aided) AS BIGINT) AS aided,
    CASE WHEN sum(paid.aided) > 0 THEN 1 ELSE 0 END AS numerator,
    1 AS denominator
FROM contribution AS paid
INNER JOIN holder AS standing ON standing.year = paid.year AND standing.bucket = paid.bucket AND standing.row = paid.holder
WHERE paid.year = $year AND paid.scheme = 2 AND list_contains($categories, standing.aid)
GROUP BY paid.person
