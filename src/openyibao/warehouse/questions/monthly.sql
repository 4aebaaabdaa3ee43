-- 费用结算月报 | Monthly settlement report
-- grain: one row per year, month, scheme, kind and level; refused bills are in `refused` and nowhere else
-- source: K17 统计报表
-- column year year 年 | year
-- column month count 月 | month
-- column scheme code:scheme 险种 | scheme
-- column kind code:kind 就诊类别 | kind
-- column level code:level 机构等级 | level
-- column bills count 结算单数 | bills
-- column persons count 人数 | persons
-- column total fen 医疗费总额 | total
-- column within fen 政策范围内 | in scope
-- column fund fen 基金支付 | paid by funds
-- column pool fen 统筹基金 | pooled fund
-- column large fen 大额 | large-amount layers
-- column catastrophic fen 大病 | catastrophic
-- column civil fen 公务员补助 | civil-servant supplement
-- column aid fen 医疗救助 | medical aid
-- column account fen 个人账户 | personal account
-- column cash fen 现金 | cash
-- column hospital fen 医院负担 | borne by hospitals
-- column refused count 拒付单数 | refused bills
SELECT
  year, month, scheme, kind, level,
  count(*) FILTER (WHERE outcome = 0) AS bills,
  count(DISTINCT person) FILTER (WHERE outcome = 0) AS persons,
  coalesce(sum(total) FILTER (WHERE outcome = 0), 0)::BIGINT AS total,
  coalesce(sum(within) FILTER (WHERE outcome = 0), 0)::BIGINT AS within,
  coalesce(sum(paid_fund) FILTER (WHERE outcome = 0), 0)::BIGINT AS fund,
  coalesce(sum(paid_pool) FILTER (WHERE outcome = 0), 0)::BIGINT AS pool,
  coalesce(sum(paid_large_first + paid_large_second) FILTER (WHERE outcome = 0), 0)::BIGINT AS large,
  coalesce(sum(paid_catastrophic) FILTER (WHERE outcome = 0), 0)::BIGINT AS catastrophic,
  coalesce(sum(paid_civil) FILTER (WHERE outcome = 0), 0)::BIGINT AS civil,
  coalesce(sum(paid_aid + paid_tilt + paid_topup) FILTER (WHERE outcome = 0), 0)::BIGINT AS aid,
  coalesce(sum(paid_account + paid_family) FILTER (WHERE outcome = 0), 0)::BIGINT AS account,
  coalesce(sum(paid_cash) FILTER (WHERE outcome = 0), 0)::BIGINT AS cash,
  coalesce(sum(paid_hospital) FILTER (WHERE outcome = 0), 0)::BIGINT AS hospital,
  count(*) FILTER (WHERE outcome <> 0) AS refused
FROM settled
GROUP BY year, month, scheme, kind, level
ORDER BY year, month, scheme, kind, level
