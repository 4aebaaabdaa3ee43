-- 到账的缴费和补助 | Contributions and subsidies as they arrive
-- grain: one row per contribution run and month in which some of its money arrives, within the period
-- source: I02 K17 L01
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- column month text 到账月 | month of arrival
-- column person text 人员 | person
-- column scheme code:scheme 险种 | scheme
-- column cover_year year 所属年 | year of cover
-- column employer_part fen 单位部分 | employer's part
-- column person_part fen 个人部分 | person's part
-- column subsidy fen 财政补助 | subsidy
-- column aided fen 救助资金代缴 | paid by medical aid
-- column large fen 大额保费 | large-amount premium
-- column supplement fen 公务员补助缴费 | civil-servant supplement
-- column numerator fen 基本医保到账 | received by the basic funds
-- column denominator count 不用 | unused, 0
-- An employee's month paid in order (state 1, 4) arrives in its own month; what is paid late (2) arrives when its last month does; a
-- resident's year arrives when it is paid, not before the January of its year; arrears (3) do not arrive. A run's months are equal: the
-- parts of its first k months are the floor of k/months of it, so that the months always sum to the run.
WITH runs AS (
    SELECT
        *,
        scheme = 1 AND state IN (1, 4) AS regular,
        greatest(CAST(year AS INTEGER) * 100 + 1, paid_on // 100) AS arrival
    FROM contribution
    WHERE state <> 3 AND paid_on > 0
),
pieces AS (
    SELECT *, calendar_month - first_month AS from_month, calendar_month - first_month + 1 AS to_month
    FROM (
        SELECT *, unnest(range(greatest(first_month, $first), least(first_month + months, $last + 1))) AS calendar_month
        FROM runs
        WHERE regular AND year = $year
    )
    UNION ALL
    SELECT *, arrival - $year * 100 AS calendar_month, 0 AS from_month, months AS to_month
    FROM runs
    WHERE NOT regular AND arrival BETWEEN $year * 100 + $first AND $year * 100 + $last
),
arrived AS (
    SELECT
        $year * 100 + calendar_month AS month,
        person,
        scheme,
        year AS cover_year,
        employer_part * to_month // months - employer_part * from_month // months AS employer_part,
        person_part * to_month // months - person_part * from_month // months AS person_part,
        subsidy * to_month // months - subsidy * from_month // months AS subsidy,
        aided * to_month // months - aided * from_month // months AS aided,
        large * to_month // months - large * from_month // months AS large,
        supplement * to_month // months - supplement * from_month // months AS supplement
    FROM pieces
)
SELECT *, employer_part + person_part + subsidy + aided AS numerator, 0 AS denominator FROM arrived
