-- 职工应缴与欠缴 | Employee contributions due and in arrears
-- grain: one row per contribution run of an employee with a month in the period; money of the months inside the period
-- source: A18 I08
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- column person text 人员 | person
-- column employer text 单位 | employer
-- column months count 期内月数 | months inside the period
-- column numerator fen 欠缴 | in arrears
-- column denominator fen 应缴 | due
WITH inside AS (
    SELECT
        *,
        least($last, first_month + months - 1) - greatest($first, first_month) + 1 AS overlap,
        employer_part + person_part AS part
    FROM contribution
    WHERE year = $year AND scheme = 1
)
SELECT
    person,
    employer,
    overlap AS months,
    CASE WHEN state = 3 THEN part * overlap // months ELSE 0 END AS numerator,
    part * overlap // months AS denominator
FROM inside
WHERE overlap > 0
