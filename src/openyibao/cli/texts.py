"""What the commands say, in Chinese and English 界面文字: one table, so that neither language lags behind."""

from openyibao.policybook.national import AMOUNT_FIELDS

LANGUAGES = ("zh", "en")

FIELDS = {
    "medfee_sumamt": ("医疗费总额", "total"),
    "fulamt_ownpay_amt": ("全自费", "full own-pay"),
    "overlmt_selfpay": ("超限价自费", "above ceiling"),
    "preselfpay_amt": ("先行自付", "first self-pay"),
    "inscp_scp_amt": ("政策范围内", "in scope"),
    "act_pay_dedc": ("起付线", "deductible"),
    "hifp_pay": ("统筹基金", "pooled fund"),
    "pool_prop_selfpay": ("统筹支付比例", "pool ratio"),
    "cvlserv_pay": ("公务员补助", "civil servant"),
    "hifes_pay": ("企业补充", "enterprise plan"),
    "hifmi_pay": ("居民大病", "catastrophic"),
    "hifob_pay": ("职工大额", "large amount"),
    "maf_pay": ("医疗救助", "medical aid"),
    "hifdm_pay": ("伤残军人", "disabled soldiers"),
    "oth_pay": ("其他支出", "other funds"),
    "fund_pay_sumamt": ("基金支付合计", "all funds"),
    "psn_part_amt": ("个人负担", "person"),
    "acct_pay": ("个人账户", "account"),
    "acct_mulaid_pay": ("其中共济", "of it family"),
    "psn_cash_pay": ("现金", "cash"),
    "hosp_part_amt": ("医院负担", "hospital"),
    "balc": ("账户余额", "account left"),
}
"""National amount fields, zh and en."""

WORDS = {
    "bill": ("账单", "bill"),
    "bills": ("账单数", "bills"),
    "person": ("人员", "person"),
    "persons": ("人数", "persons"),
    "day": ("日期", "day"),
    "kind": ("类别", "kind"),
    "level": ("等级", "level"),
    "scheme": ("险种", "scheme"),
    "outcome": ("结果", "outcome"),
    "settled": ("已结算", "settled"),
    "refused": ("拒付", "refused"),
    "rejected": ("退回", "set aside"),
    "reversed": ("冲销", "reversed"),
    "replayed": ("重放", "replayed"),
    "summary": ("汇总", "Summary"),
    "both": ("合计", "both"),
    "employee": ("职工", "employee"),
    "resident": ("居民", "resident"),
    "line": ("行", "line"),
    "field": ("字段", "field"),
    "value": ("值", "value"),
    "reason": ("原因", "reason"),
    "code": ("代码", "code"),
    "step": ("步骤", "step"),
    "formula": ("算式", "formula"),
    "figure": ("金额", "figure"),
    "clause": ("依据", "clause"),
    "trust": ("可信度", "trust"),
    "class": ("人群", "class of person"),
    "gain": ("少付单数", "bills paying less"),
    "lose": ("多付单数", "bills paying more"),
    "difference": ("差额（乙－甲）", "difference (B - A)"),
    "group": ("分组", "group"),
    "losses": ("多付最多的账单", "Hardest losses"),
    "gains": ("少付最多的账单", "Biggest gains"),
    "person_pays": ("个人负担", "person pays"),
    "funds_pay": ("基金支付", "funds pay"),
    "more": ("另有 {count} 张未列出；用 --out 写出全部。", "{count} more not shown; --out writes them all."),
    "identity_ok": ("核对：{bills} 张账单逐张相符（总额＝基金＋个人＋医院；个人＝账户＋现金；基金＝各层之和）。",
                    "Checked: all {bills} bills add up (total = funds + person + hospital; person = account + cash; funds = layers)."),
    "identity_ok_mirrors": ("核对：{bills} 张账单和 {more} 张冲销、重放单逐张相符（总额＝基金＋个人＋医院；个人＝账户＋现金）。",
                            "Checked: all {bills} bills and {more} mirrors and replays add up (total, person, funds)."),
    "with_replay": ("冲销 {reversed} 张，累计和账户已退回；后续账单按次序重新结算，改变 {replayed} 张。合计中冲销单计负数。",
                    "{reversed} taken back; later bills settled again in order, {replayed} changed. Mirrors count negative in the sums."),
    "without_replay": ("冲销 {reversed} 张，累计和账户已退回；按 --no-replay，后续账单保持原结算。合计中冲销单计负数。",
                       "{reversed} taken back; later bills stand as settled (--no-replay). Mirrors count negative in the sums."),
    "takes_back": ("{bill} 冲销 {reverses}，各项金额取反，不重新计算：基金 {funds}，个人 {person}，其中账户 {account}。",
                   "{bill} takes back {reverses}, every amount negated: funds {funds}, person {person}, of it account {account}."),
    "because_of": ("{bill} 冲销 {reverses}（因 {because} 重放）：基金 {funds}，个人 {person}，其中账户 {account}。",
                   "{bill} takes back {reverses} (replay after {because}): funds {funds}, person {person}, of it account {account}."),
    "reversed_pair": ("{count} 张冲销在两套政策下都执行；比较的是冲销、重放之后仍有效的结算。",
                      "{count} reversals act under both policies; what stands after them is compared."),
    "identity_broken": ("核对不符：{bills}", "Does not add up: {bills}"),
    "sorted": ("{count} 人的账单在文件中未按日期排列，已按日期结算，结果按结算次序写出。",
               "The bills of {count} persons were not in order of day; they were settled and written sorted."),
    "unknown_people": ("{count} 人不在参保人文件中，按普通参保处理。",
                       "{count} persons are not in the people file and were taken as plainly covered."),
    "without_rejected": ("{count} 人有账单被退回，其后各单的累计不含被退回的账单。",
                         "{count} persons had bills set aside; their later bills were settled without them."),
    "people_rejected": ("参保人文件有 {count} 行读不出，见退回文件。", "{count} rows of the people file cannot be read; see the rejects."),
    "rejects_file": ("退回 {count} 行 -> {file}", "{count} rows set aside -> {file}"),
    "written": ("结果 {count} 张 -> {file}", "{count} results -> {file}"),
    "partial": ("已中断：前 {count} 张已写入 {file}（不完整）。", "Interrupted: the first {count} results are in {file} (partial)."),
    "trust_warning": ("本次结算所依据的 {total} 个参数中：{marks}。标为“忆及”或“本项目设定”的不是本市规定，使用前请核对原文。",
                      "Of the {total} parameters behind these results: {marks}. Those recalled or illustrative are not the city's rules."),
    "readings": ("采用的另解口径：{names}", "Alternative readings in force: {names}"),
    "no_readings": ("采用默认口径", "default readings"),
    "policy": ("政策 {name}，指纹 {digest}", "policy {name}, digest {digest}"),
    "settling": ("结算", "settling"),
    "reading": ("读取", "reading"),
    "total_check": ("核对：逐单差额之和 = 两套合计之差，{fields} 个金额字段全部相符。",
                    "Checked: the bills' differences sum to the difference of the sums, in all {fields} amount fields."),
    "total_broken": ("核对不符：逐单差额之和与合计之差不等。", "The bills' differences do not sum to the difference of the sums."),
    "winners": ("{winners} 人少付，{losers} 人多付，{same} 人不变。", "{winners} persons pay less, {losers} pay more, {same} the same."),
    "refused_pair": ("拒付：甲 {a} 张，乙 {b} 张。", "Refused: {a} bills under A, {b} under B."),
    "demo_next": ("下一步：openyibao settle {bills} --out results.csv，或 openyibao settle {bills} --bill 账单号 逐步查看一张。",
                  "Next: openyibao settle {bills} --out results.csv, or openyibao settle {bills} --bill ID to see one bill step by step."),
    "compiled_agrees": ("核对：编译后的同一套规则重新结算 {bills} 张账单，各层金额全部相同。",
                        "Checked: the compiled law settled all {bills} bills again, every layer the same."),
    "compiled_differs": ("核对不符：编译后的规则在这些账单上金额不同：{bills}。请报告此问题。",
                         "The compiled law differs on these bills: {bills}. Please report this."),
    "trials": ("预结算 {count} 张（2206、2303），不计入汇总和累计。",
               "{count} trial settlements (2206, 2303), in no sum and no year."),
    "nothing": ("没有可结算的账单。", "There is no bill to settle."),
    "not_found": ("文件中没有账单 {bill}，或已被退回。", "The file has no bill {bill}, or it was set aside."),
    "refused_rows": ("拒付账单", "Refused bills"),
    "rejected_rows": ("退回的行", "Rows set aside"),
    "results": ("结算结果（元）", "Results (yuan)"),
    "explained": ("账单 {bill}：{kind}，{level}，{day}", "Bill {bill}: {kind}, {level}, {day}"),
    "side_a": ("甲：{name}", "A: {name}"),
    "side_b": ("乙：{name}", "B: {name}"),
    "compare_title": ("政策对比（元）：甲 {a}，乙 {b}", "Comparison (yuan): A {a}, B {b}"),
    "by": ("按{what}", "By {what}"),
    "allowance": ("生育津贴 = 月平均工资 {average} ÷ 30 × {days} 天 = {amount} 元",
                  "maternity allowance = monthly average {average} / 30 x {days} days = {amount} yuan"),
    "warning": ("提示", "note"),
}
"""Everything else; {…} is filled in."""


def say(lang: str, key: str, **parts: object) -> str:
    """A phrase in the language."""
    zh, en = WORDS[key]
    return (zh if lang == "zh" else en).format(**parts)


def field(lang: str, name: str) -> str:
    """The name of an amount field in the language."""
    zh, en = FIELDS[name]
    return zh if lang == "zh" else en


SHOWN_FIELDS = tuple(name for name in AMOUNT_FIELDS if name not in ("pool_prop_selfpay", "hifdm_pay"))
"""Fields that tables show."""
