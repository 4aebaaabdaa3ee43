"""Tables of insured persons 参保人, employers, relations, dues, accounts, identities, filings, family shares."""

from datetime import date

from openyibao.bureau.loading.catalogue import AREA
from openyibao.bureau.loading.cells import certificate, day, flag, money, month, one_of, padded, shaped, short, whole
from openyibao.bureau.loading.columns import Asked, Column, Fault, Table, Values, both, spans
from openyibao.bureau.loading.parties import ENDS, INSTITUTION, STARTS, sound_unit
from openyibao.kernel.identity import person_doubt

RESIDENT_ID = "01"
PERSON = shaped(r"[0-9A-Za-z-]{8,30}", "人员编号", "a person's number")
SCHEME = one_of("310", "320", "330", "340", "350", "360", "370", "380", "390", "391", "392", "399", "410", "510")
PERSON_TYPE = shaped(r"[0-9]{2,6}", "人员类别代码", "a person category")
CERTIFICATES = (*(f"{number:02d}" for number in range(1, 18)), "90", "99", "990102", "990201")
PSN_NO = Column("psn_no", "人员编号", PERSON, required=True)
INSUTYPE = Column("insutype", "险种类型", SCHEME, required=True)


HINTS = {"ID-02": ("培训数据请加 --training。", " For training data add --training.")}
"""What to do about a doubt, beyond what it says."""


def as_day(value: object) -> int:
    """A date as a yyyymmdd integer; 0 for none."""
    return value.year * 10_000 + value.month * 100 + value.day if isinstance(value, date) else 0


def sound_person(values: Values, asked: Asked) -> Fault | None:
    """The identity number can exist and says the same sex and birth as the row; nobody is born later, or dies before the birth."""
    if values["psn_cert_type"] == RESIDENT_ID:
        sex = int(str(values["gend"])) if values["gend"] in ("1", "2") else 0
        doubt = person_doubt(str(values["certno"]), as_day(asked.day), sex, as_day(values["brdy"]), asked.training)
        if doubt:
            zh, en = HINTS.get(doubt.code, ("", ""))
            return Fault("certno", "LOAD-09", f"{doubt.zh}{zh}〔{doubt.code}〕", f"{doubt.en}{en} [{doubt.code}]")
    birth, died = values["brdy"], values["died_on"]
    if isinstance(birth, date) and birth > asked.day:
        return Fault("brdy", "LOAD-12", f"出生日期 {birth} 晚于 {asked.day}。", f"The date of birth {birth} lies after {asked.day}.")
    if isinstance(died, date) and isinstance(birth, date) and not birth <= died <= asked.day:
        return Fault("died_on", "LOAD-12", f"死亡日期 {died} 早于出生日期或晚于 {asked.day}。", f"The date of death {died} is impossible.")
    return None


def ids_differ(values: Values, asked: Asked) -> Fault | None:
    """Nobody shares an account with himself."""
    del asked
    if values["owner"] == values["relative"]:
        return Fault("relative", "LOAD-12", "共济双方是同一个人。", "Owner and relative are the same person.")
    return None


EMPLOYERS = Table("employers", "参保单位", (
    Column("emp_no", "单位编号", short(30), required=True),
    Column("uscc", "统一社会信用代码", short(18)),
    Column("emp_name", "单位名称", short(200), required=True),
    Column("admdvs", "区划", AREA, required=True),
    Column("closed_on", "注销日期", day, default=None),
), ("emp_no",), sound_unit)  # fmt: skip

PEOPLE = Table("people", "参保人", (
    PSN_NO,
    Column("psn_cert_type", "人员证件类型", padded(2, *CERTIFICATES), default=RESIDENT_ID),
    Column("certno", "证件号码", certificate, required=True, aliases=("身份证号", "身份证号码", "公民身份号码")),
    Column("psn_name", "人员姓名", short(50), required=True, aliases=("姓名",)),
    Column("gend", "性别", one_of("0", "1", "2", "9"), required=True),
    Column("naty", "民族", shaped(r"[0-9]{1,2}", "民族代码", "an ethnic group code")),
    Column("brdy", "出生日期", day, required=True),
    Column("admdvs", "参保地医保区划", AREA, required=True, aliases=("insuplc_admdvs",)),
    Column("register_admdvs", "户籍地区划", AREA),
    Column("died_on", "死亡日期", day, default=None),
    Column("household", "户编号", short(30)),
    Column("memo", "备注", short(500)),
), ("psn_no",), sound_person)  # fmt: skip

RELATIONS = Table("relations", "参保关系", (
    PSN_NO, INSUTYPE,
    Column("admdvs", "参保地医保区划", AREA, required=True, aliases=("insuplc_admdvs",)),
    Column("emp_no", "单位编号", short(30)),
    Column("psn_type", "人员类别", PERSON_TYPE, required=True),
    Column("psn_insu_stas", "人员参保状态", one_of("1", "2", "3", "4"), default="1"),
    STARTS, ENDS,
    Column("benefit_from", "待遇享受开始日", day, default=None),
    Column("benefit_to", "待遇享受终止日（当日起失效）", day, default=None),
    Column("wait_until", "等待期满日（首个可享受日）", day, default=None),
    Column("suspended_from", "待遇暂停日", day, default=None),
    Column("suspended_to", "待遇恢复日", day, default=None),
    Column("paid_through", "缴至月份", month, default=0),
    Column("cvlserv_flag", "公务员标志", flag, default=False),
    Column("maternity", "参加生育保险", flag, default=False),
    Column("added", "补充层", whole(0, 7), default=0),
), ("psn_no", "insutype", "starts"),
    both(spans("starts", "ends"), spans("benefit_from", "benefit_to"), spans("suspended_from", "suspended_to")))  # fmt: skip

DUES = Table("dues", "应缴", (
    Column("bill_no", "核定单号", short(40), required=True),
    PSN_NO, INSUTYPE,
    Column("emp_no", "单位编号", short(30)),
    Column("month", "费款所属期", month, required=True),
    Column("base", "缴费基数", money, default=0),
    Column("employer", "单位应缴", money, default=0),
    Column("person", "个人应缴", money, default=0),
    Column("subsidy", "财政或救助资助", money, default=0),
    Column("to_account", "划入个人账户", money, default=0),
    Column("due_on", "应缴日期", day, required=True),
    Column("paid_on", "到账日期", day, default=None),
    Column("relief", "缓减标识", short(20)),
    Column("receipt_no", "税票号", short(40)),
), ("bill_no",))  # fmt: skip

ACCOUNTS = Table("accounts", "个人账户期初余额", (
    PSN_NO, Column("balc", "余额", money, required=True), Column("as_of", "余额日期", day, required=True),
), ("psn_no",))  # fmt: skip

IDENTITIES = Table("identities", "特殊身份", (
    PSN_NO,
    Column("psn_idet_type", "人员身份类别", shaped(r"(2[1-4]|3[1-6]|60)[0-9]{0,4}", "身份类别代码", "an identity category"), required=True),
    Column("psn_type_lv", "人员类别等级", short(3)),
    STARTS, ENDS,
    Column("source", "来源", short(60)),
), ("psn_no", "psn_idet_type", "starts"), spans("starts", "ends"))  # fmt: skip

FILINGS = Table("filings", "备案", (
    PSN_NO,
    Column("kind", "备案类别", one_of("chronic", "two-disease", "special-drug", "offsite", "referral", "fixed"), required=True),
    Column("insutype", "险种类型", SCHEME),
    Column("code", "病种、药品、异地类别或机构", short(30), required=True),
    Column("fixmedins_code", "定点医药机构编号", INSTITUTION),
    Column("area", "就医地区划", AREA),
    STARTS, ENDS,
    Column("filed_by", "经办", short(60), required=True),
), ("psn_no", "kind", "code", "fixmedins_code", "area", "starts"), spans("starts", "ends"))  # fmt: skip

FAMILY = Table("family", "家庭共济", (
    Column("owner", "账户人", PERSON, required=True),
    Column("relative", "使用人", PERSON, required=True),
    Column("relation", "关系", one_of("1", "2", "3"), required=True),
    STARTS, ENDS,
    Column("place", "使用次序", whole(1, 99), default=1),
    Column("limit", "年限额", money, default=None),
), ("owner", "relative", "starts"), both(ids_differ, spans("starts", "ends")))  # fmt: skip
