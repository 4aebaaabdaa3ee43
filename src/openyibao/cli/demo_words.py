"""The words of the sandbox and of the demo at the door 沙箱与接口演示的文字, Chinese and English."""

from openyibao.kernel import ledger

FUNDS = {
    ledger.EMPLOYEE_POOL: ("职工统筹", "employee pool"),
    ledger.ACCOUNT: ("个人账户", "personal accounts"),
    ledger.MATERNITY: ("生育", "maternity"),
    ledger.RESIDENT_FUND: ("城乡居民", "residents"),
    ledger.LARGE: ("职工大额", "large amounts"),
    ledger.CATASTROPHIC: ("居民大病", "catastrophic"),
    ledger.CIVIL: ("公务员补助", "civil servants"),
    ledger.AID: ("医疗救助", "medical aid"),
    ledger.ADDED[0]: ("补充一", "added 1"),
    ledger.ADDED[1]: ("补充二", "added 2"),
    ledger.ADDED[2]: ("补充三", "added 3"),
    ledger.STATE: ("财政补助", "state"),
}
"""Fund of the ledger -> its name."""

WORDS = {
    "database": ("启动数据库…", "Starting the database …"),
    "load": ("导入沙箱数据…", "Loading the sandbox …"),
    "serve": ("启动服务…", "Starting the server …"),
    "ready": ("就绪：{seconds:.1f} 秒，{rows:,} 行数据。", "Ready after {seconds:.1f} s, {rows:,} rows."),
    "stay": ("服务运行中；Ctrl-C 停止服务和数据库。", "Serving; Ctrl-C stops the server and its database."),
    "again": ("服务到此停止；再起同一个沙箱：openyibao sandbox --home {home}",
              "The server stops here; `openyibao sandbox --home {home}` serves it again."),
    "address": ("接口地址  {url}", "The door   {url}"),
    "people": ("五个人（就诊凭证用身份证号，mdtrt_cert_type 02）", "Five people (they show their identity card: mdtrt_cert_type 02)"),
    "people_heads": ("姓名|certno|psn_no|说明", "name|certno|psn_no|who"),
    "clinics": ("三家机构", "Three institutions"),
    "clinic_heads": ("编号|名称|区划|科室|医师", "code|name|area|department|doctor"),
    "keys": ("渠道与密钥（公开的，只可用于沙箱；open 不签名）", "Channels and keys (public: for the sandbox alone; open signs nothing)"),
    "key_heads": ("渠道|签名方式|接入标识|密钥|用户 口令", "channel|scheme|key id|secret|user password"),
    "first": ("第一条报文（1101 人员信息获取）", "A first message (1101, who is this)"),
    "next": ("接下来", "Then"),
    "next_conformance": ("像医院一样把各类交易走一遍，写出报告", "plays every family as a hospital would, writes a report"),
    "next_verify": ("重算全部结算，核对到分", "settles everything again and compares to the fen"),
    "next_psql": ("直接看库", "look at the tables"),
    "next_metrics": ("运行指标", "running figures"),
    "pages": ("文档：docs/vendors.md（厂商第一页）、docs/reference/messages/README.md（每个交易）、docs/reference/door.md。日志：{log}",
              "Pages: docs/vendors.md (first), docs/reference/messages/README.md (every message), docs/reference/door.md. Log: {log}"),
    "play": ("医院开门：各市的人来看病、购药、住院…", "The hospitals open: people of five cities come to their windows …"),
    "playing": ("报文", "messages"),
    "close": ("日终：封存、对账、核验…", "Evening: sealing, reconciliation, verification …"),
    "messages": ("{count:,} 条报文（{numbers} 种交易），{people} 人、{institutions} 家机构，{seconds:.1f} 秒，每秒 {speed:.0f} 条",
                 "{count:,} messages of {numbers} numbers; {people} people, {institutions} institutions; {seconds:.1f} s, {speed:.0f}/s"),
    "bills": ("结算 {settled:,} 笔，撤销 {back:,} 笔，重发 {again} 次（应答相同，只记一次账），拒绝 {refused} 条",
              "{settled:,} bills settled, {back:,} taken back; {again} sent twice (one answer, one effect); {refused} messages refused"),
    "money": ("净额：医疗费 {total} 元 = 基金 {funds} + 个人账户 {account} + 现金 {cash} + 医院承担",
              "Net of reversals: {total} yuan = funds {funds} + accounts {account} + cash {cash} + borne by hospitals"),
    "refused": ("拒绝的 {count} 条，窗口看到的话：", "{count} refused, in the words that the window reads:"),
    "totals": ("对总账 3201：{compared} 组，不平 {unequal} 组", "Totals (3201): {compared} groups compared, {unequal} differ"),
    "compared": ("对明细：医院账 {theirs:,} 笔，本系统 {bills:,} 笔，记账凭证逐笔相符；差异 {differ} 处",
                 "Bills: {theirs:,} in the hospitals' books, {bills:,} in ours, each with its ledger entry; {differ} differences"),
    "verified": ("核验：重算 {rows:,} 行日志、{persons:,} 人，已封存 {sealed:,} 行；差异 {differ} 处",
                 "Verified: {rows:,} journal rows of {persons:,} persons settled again, {sealed:,} sealed; {differ} differences"),
    "funds": ("试算平衡（元）", "Trial balance (yuan)"),
    "fund_heads": ("基金|统筹区|借方|贷方|差额", "fund|areas|debit|credit|difference"),
    "fund_sum": ("合计", "in sum"),
    "sound": ("账已轧平，分文不差。", "The books are closed: not a fen is out."),
    "unsound": ("有不符之处，见下。", "Something does not agree: see below."),
    "unwanted": ("{count} 处不该被拒绝（或该拒绝而没有）：", "{count} walks did not end as they should:"),
    "broken": ("{count} 处应答的金额关系不成立：", "{count} replies whose sums do not hold:"),
    "unequal": ("{count} 组总额不平：", "{count} groups of totals differ:"),
    "differ": ("{count} 笔对不上：", "{count} bills do not agree:"),
    "wrong": ("核验发现 {count} 处：", "{count} found by verification:"),
}  # fmt: skip
"""Key -> Chinese, English; the same blanks in both."""


def tell(lang: str, key: str, **parts: object) -> str:
    """A sentence in the language."""
    zh, en = WORDS[key]
    return (zh if lang == "zh" else en).format(**parts)
