"""Tables of the codes desk 编码目录: drugs, services, consumables, code sets, ceilings (1318), first-self-pay shares (1319), mappings.

Column names are the national fields; `enddate` is the last day in force and is kept as the first day no longer in force.
"""

from openyibao.bureau.loading.cells import day, flag, item_class, last_day, one_of, padded, price, shaped, share, short, whole
from openyibao.bureau.loading.columns import Column, Table, spans

AREA = shaped(r"[0-9]{6}", "六位区划代码", "a division code of six digits")
HEADS = shaped(r"(0[1-9]|1[0-4])[0-9]{0,4}", "医疗收费项目类别（01–14）", "a charge category (01-14)")
SERVICE_CODE = r"[0-9]{15}|[0-9A-Za-z]{9,30}"
WESTERN, PATENT = r"X[A-Z]\d{2}[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{9}", r"(?=.{20}$)Z[A-Z]\d{2}[A-Z]{2,3}[A-Z0-9]\d{12,13}"
DRUG_CODE = rf"{WESTERN}|{PATENT}|T\d{{9}}|[A-Z]{{1,2}}\d{{6,25}}"
DIAGNOSIS_CODE = r"[A-Z]\d{2}\.(\d{3}|[\dx]x?\d{2}|x\d{2})(x\d{3})?([+*]([A-Z]\d{2}(\.\d)?\*?)?)?"
OPERATION_CODE = r"\d{2}\.((\d{4,5}|\dx\d{2}|\d{3}[A-Z]\d)(x\d{3})?|\d{3}x\d{4})"
ANY_ITEM = shaped(r"[0-9A-Za-z]{9,30}", "目录编码", "a catalogue code")

BEGIN = Column("begndate", "开始日期", day, required=True, aliases=("生效时间", "生效日期"))
END = Column("enddate", "结束日期", last_day, default=None, aliases=("失效时间", "失效日期"))
USE = (
    Column("med_use_flag", "医疗使用标志", flag, default=True),
    Column("matn_used_flag", "生育使用标志", flag, default=True),
    Column("ref_pric", "参考价格", price, default=None),
    BEGIN, END,
    Column("repl_codg", "接替编码", ANY_ITEM, aliases=("新编码",)),
)  # fmt: skip
LIMITS = (
    Column("lmt_used_flag", "限制使用标志", flag, default=False),
    Column("lmt_usescp", "限制使用范围", short(400), aliases=("医保限用范围", "限定支付范围")),
)


ITEM_NAMES = ("药品通用名", "drug_genname", "注册名称", "耗材名称", "医疗服务项目名称")


def item_columns(form: str, zh: str, en: str, lists: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns every kind of catalogue item begins with; the first list_type is taken where the file states none."""
    return (
        Column("med_list_codg", "医疗目录编码", shaped(form, zh, en), required=True, aliases=("hilist_code", "医保目录编码")),
        Column("hilist_name", "医保目录名称", short(200), required=True, aliases=ITEM_NAMES),
        Column("list_type", "目录类别", one_of(*lists), default=lists[0]),
        Column("med_chrgitm_type", "医疗收费项目类别", HEADS, required=True),
        Column("chrgitm_lv", "收费项目等级", item_class, required=True, aliases=("甲乙类", "甲乙类标识")),
        Column("prcunt", "计价单位", short(40), aliases=("计价单位名称", "最小计价单位")),
    )


DRUGS = Table("drugs", "药品目录", (
    *item_columns(DRUG_CODE, "药品编码", "a drug code", ("101", "102", "103", "104", "105", "106")),
    Column("drug_prodname", "药品商品名", short(200)),
    Column("dosform", "药品剂型", short(60), aliases=("剂型",)),
    Column("drug_spec", "药品规格", short(200), aliases=("规格",)),
    Column("prodentp_name", "生产企业名称", short(200)),
    *LIMITS,
    Column("bas_medn_flag", "基本药物标志", flag, default=False),
    Column("hi_nego_drug_flag", "医保谈判药品标志", flag, default=False),
    Column("dual_channel_flag", "双通道药品标志", flag, default=False),
    Column("two_disease_codes", "两病用药病种", shaped(r"M[0-9]{5}(;M[0-9]{5})*", "病种编码，多个用分号", "disease codes with semicolons")),
    Column("chld_medc_flag", "儿童用药标志", flag, default=False),
    Column("otc_flag", "非处方药标志", flag, default=False),
    *USE,
), ("med_list_codg", "begndate"), spans("begndate", "enddate"), "3")  # fmt: skip

SERVICES = Table("services", "医疗服务项目目录", (
    *item_columns(SERVICE_CODE, "服务项目编码（国家 15 位）", "a service code (national: 15 digits)", ("201",)),
    Column("item_cont", "项目内涵", short(2000), aliases=("诊疗项目内涵",)),
    Column("exct_cont", "除外内容", short(2000), aliases=("诊疗除外内容",)),
    Column("servitem_type", "服务项目类别", short(6)),
    Column("dialysis_session_flag", "血液透析按次计标志", flag, default=False),
    *LIMITS, *USE,
), ("med_list_codg", "begndate"), spans("begndate", "enddate"), "2")  # fmt: skip

CONSUMABLES = Table("consumables", "医用耗材目录", (
    *item_columns(r"C[0-9]{26}|[A-Z]{1,2}[0-9]{6,25}", "耗材编码（C 加 26 位）", "a consumable code (C and 26 digits)", ("301",)),
    Column("mcs_matl", "耗材材质", short(100), aliases=("材质",)),
    Column("spec", "规格", short(200), aliases=("规格型号",)),
    Column("prodentp_name", "生产企业名称", short(200)),
    Column("prodplac_type", "生产地类别", one_of("1", "2"), default="1"),
    Column("highval_mcs_flag", "高值耗材标志", flag, default=False),
    Column("impt_itvt_clss_flag", "植入或介入类标志", one_of("0", "1", "2"), default="0"),
    *LIMITS, *USE,
), ("med_list_codg", "begndate"), spans("begndate", "enddate"), "4")  # fmt: skip

DIAGNOSES = Table("diagnoses", "疾病诊断目录", (
    Column("diag_code", "诊断代码", shaped(DIAGNOSIS_CODE, "诊断代码（ICD-10 医保版）", "a diagnosis code"), required=True),
    Column("diag_name", "诊断名称", short(200), required=True),
    Column("chpt", "章", short(10)), Column("chpt_code_scp", "章代码范围", short(20)), Column("chpt_name", "章名称", short(100)),
    Column("cgy_code", "类目代码", short(10)),
    Column("gend_lmt", "性别限制", one_of("1", "2")),
    Column("age_lmt_days", "年龄上限（天）", whole(0, 50_000), default=None),
    BEGIN, END,
    Column("repl_codg", "接替编码", shaped(DIAGNOSIS_CODE, "诊断代码", "a diagnosis code")),
), ("diag_code", "begndate"), spans("begndate", "enddate"), "1a")  # fmt: skip

OPERATIONS = Table("operations", "手术操作目录", (
    Column("oprn_oprt_code", "手术操作代码", shaped(OPERATION_CODE, "手术操作代码（ICD-9-CM-3）", "an operation code"), required=True),
    Column("oprn_oprt_name", "手术操作名称", short(200), required=True),
    Column("chpt", "章", short(10)), Column("chpt_name", "章名称", short(100)), Column("cgy_code", "类目代码", short(10)),
    Column("oprn_oprt_type", "手术操作类别", short(20)), Column("oprn_oprt_lv", "手术级别", one_of("1", "2", "3", "4")),
    Column("gend_lmt", "性别限制", one_of("1", "2")),
    Column("daysrg_flag", "日间手术标志", flag, default=False),
    BEGIN, END,
    Column("repl_codg", "接替编码", shaped(OPERATION_CODE, "手术操作代码", "an operation code")),
), ("oprn_oprt_code", "begndate"), spans("begndate", "enddate"), "1b")  # fmt: skip

TCM = Table("tcm", "中医病证目录", (
    Column("diag_code", "诊断代码", shaped(r"[A-Z]{1,3}\d{2,3}[A-Z0-9.]*", "中医病证代码", "a TCM code"), required=True),
    Column("diag_name", "诊断名称", short(200), required=True),
    Column("tcm_type", "病或证", one_of("病", "证")),
    BEGIN, END,
), ("diag_code", "begndate"), spans("begndate", "enddate"), "1c")  # fmt: skip

CHRONIC = Table("chronic", "门诊慢特病种目录", (
    Column("opsp_dise_code", "门慢门特病种目录代码", shaped(r"M[0-9]{5}", "病种编码（M 加 5 位）", "a disease code"), required=True),
    Column("opsp_dise_name", "门慢门特病种名称", short(200), required=True),
    Column("opsp_dise_type", "病种类别", short(20)), Column("diag_codes", "对应诊断", short(400)),
    Column("two_disease_flag", "两病标志", flag, default=False),
    BEGIN, END,
), ("opsp_dise_code", "begndate"), spans("begndate", "enddate"), "12")  # fmt: skip

CEILINGS = Table("ceilings", "医保目录限价", (
    Column("hilist_code", "医保目录编码", ANY_ITEM, required=True),
    Column("insu_admdvs", "参保机构医保区划", AREA),
    Column("hilist_lmtpric_type", "医保目录限价类型", one_of("1", "2", "3", "01", "02", "03")),
    Column("overlmt_dspo_way", "医保目录超限处理方式", short(6)),
    Column("hilist_pric_uplmt_amt", "医保目录定价上限金额", price, required=True),
    BEGIN, END,
), ("hilist_code", "insu_admdvs", "hilist_lmtpric_type", "begndate"), spans("begndate", "enddate"), "1318")  # fmt: skip

SELFPAY = Table("selfpay", "先自付比例", (
    Column("hilist_code", "医保目录编码", ANY_ITEM, required=True),
    Column("insu_admdvs", "参保机构医保区划", AREA),
    Column("selfpay_prop_psn_type", "医保目录自付比例人员类别", one_of("310", "330", "390", "99")),
    Column("selfpay_prop_type", "目录自付比例类别", one_of("10", "20", "30"), default="10"),
    Column("selfpay_prop", "自付比例", share, required=True),
    BEGIN, END,
), ("hilist_code", "insu_admdvs", "selfpay_prop_psn_type", "selfpay_prop_type", "begndate"),
    spans("begndate", "enddate"), "1319")  # fmt: skip

MAPPINGS = Table("mappings", "机构目录对照", (
    Column("fixmedins_code", "定点医药机构编号", shaped(r"[HP][0-9]{11}", "机构编码", "an institution code"), required=True),
    Column("fixmedins_hilist_id", "定点医药机构目录编号", short(150), required=True, aliases=("medins_list_codg",)),
    Column("fixmedins_hilist_name", "定点医药机构目录名称", short(200), aliases=("medins_list_name",)),
    Column("list_type", "目录类别", padded(3, "101", "102", "103", "104", "105", "106", "201", "301"), required=True),
    Column("med_list_codg", "医疗目录编码", ANY_ITEM, required=True),
    Column("prcunt", "计价单位", short(100)), Column("spec", "规格", short(200)),
    BEGIN, END,
), ("fixmedins_code", "fixmedins_hilist_id", "list_type"), spans("begndate", "enddate"))  # fmt: skip
