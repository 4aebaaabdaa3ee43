-- 各项基金支付 | What each fund paid, bill by bill
-- grain: one row per bill of the period; one that no fund pays may still be paid from the account
-- source: I02 K17 L01
-- parameter year - 年 | year
-- parameter first - 首月 | first month
-- parameter last - 末月 | last month
-- column month text 结算月 | month
-- column bucket text 人员桶 | bucket
-- column row text 单据行 | row in the bucket's bills
-- column bill text 单据号 | bill
-- column person text 人员 | person
-- column day day 日期 | day
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column pool fen 基本统筹 | basic pooled
-- column large fen 大额 | large amount
-- column catastrophic fen 大病 | major illness
-- column civil fen 公务员补助 | civil-servant supplement
-- column aid fen 医疗救助（含倾斜、补齐） | aid, second aid, topping-up
-- column added_1 fen 补充层一 | added layer 1
-- column added_2 fen 补充层二 | added layer 2
-- column added_3 fen 补充层三 | added layer 3
-- column state fen 财政兜底 | state
-- column account fen 个人账户 | own account
-- column family fen 共济账户 | relatives' account
-- column numerator fen 统筹、个人账户 | pooled and account money
-- column denominator count 不用 | unused, 0
SELECT
    CAST(year AS INTEGER) * 100 + month AS month,
    bucket, row, bill, person, day, scheme, kind, level,
    paid_pool AS pool,
    paid_large_first + paid_large_second AS large,
    paid_catastrophic AS catastrophic,
    paid_civil AS civil,
    paid_aid + paid_tilt + paid_topup AS aid,
    paid_added_1 AS added_1,
    paid_added_2 AS added_2,
    paid_added_3 AS added_3,
    paid_state AS state,
    paid_account AS account,
    paid_family AS family,
    paid_pool + paid_account + paid_family AS numerator,
    0 AS denominator
FROM settled
WHERE year = $year AND month BETWEEN $first AND $last
