-- 电子凭证激活 | Insured persons and whether their electronic voucher is activated
-- grain: one row per living insured person on the day
-- source: J05 L01
-- parameter day - 期末日 | the day
-- column person text 人员 | person
-- column town text 乡镇 | town
-- column numerator count 已激活 | 1 = activated by the day
-- column denominator count 参保人 | 1 = insured
WITH enrolled AS (
    SELECT DISTINCT person FROM cover WHERE starts <= $day AND ends > $day
)
SELECT
    people.person,
    people.town,
    CASE WHEN people.voucher > 0 AND people.voucher <= $day THEN 1 ELSE 0 END AS numerator,
    1 AS denominator
FROM person AS people
INNER JOIN enrolled ON enrolled.person = people.person
WHERE people.born <= $day AND (people.died = 0 OR people.died > $day)
