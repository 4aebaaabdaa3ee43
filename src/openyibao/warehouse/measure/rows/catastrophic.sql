-- 居民大病支付与起付线以上负担 | Major-illness payment and burden above the deductible
-- grain: one row per resident whose burden of the year is above the own deductible
-- source: B17 L01
-- parameter year - 年 | year
-- parameter deductible - 起付线 | deductible, fen
-- parameter tilted - 倾斜对象类别 | aid categories with the lowered deductible
-- parameter lowered - 倾斜起付线 | lowered deductible, fen
-- column person text 人员 | person
-- column aid code:aid 救助对象类别 | aid category
-- column burden fen 年度合规负担 | burden of the year
-- column deductible fen 本人起付线 | own deductible
-- column numerator fen 大病支付 | paid by major-illness insurance
-- column denominator fen 起付线以上负担 | burden above the deductible
WITH years AS (
    SELECT
        standing.person,
        standing.aid,
        left_over.burden,
        CASE WHEN list_contains($tilted, standing.aid) THEN $lowered ELSE $deductible END AS deductible,
        left_over.catastrophic_paid
    FROM closing AS left_over
    INNER JOIN holder AS standing
        ON standing.year = left_over.year AND standing.bucket = left_over.bucket AND standing.row = left_over.row
    WHERE left_over.year = $year AND standing.scheme = 2
)
SELECT person, aid, burden, deductible, catastrophic_paid AS numerator, burden - deductible AS denominator
FROM years
WHERE burden > deductible
