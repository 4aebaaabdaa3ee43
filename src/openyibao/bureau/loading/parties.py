"""Tables of institutions 定点机构, their staff, measures and channels."""

from openyibao.bureau.loading.catalogue import AREA
from openyibao.bureau.loading.cells import day, flag, one_of, padded, shaped, short, whole
from openyibao.bureau.loading.columns import Asked, Column, Fault, Table, Values, both, spans
from openyibao.kernel.identity import unit_doubt

INSTITUTION = shaped(r"[HP][0-9]{11}", "机构编码（H 或 P 加 11 位）", "an institution code (H or P and 11 digits)")
LEVELS = tuple(f"{level:02d}" for level in range(1, 15))
STARTS = Column("starts", "起始日", day, required=True, aliases=("begntime", "开始时间"))
ENDS = Column("ends", "终止日（当日起失效）", day, default=None)


def sound_unit(values: Values, asked: Asked) -> Fault | None:
    """A credit code, where one is stated, can exist."""
    del asked
    doubt = unit_doubt(str(values["uscc"])) if values["uscc"] else None
    return Fault("uscc", "LOAD-10", doubt.zh, doubt.en) if doubt else None


def kind_fits(values: Values, asked: Asked) -> Fault | None:
    """A hospital's code begins with H and it has a level, a pharmacy's with P."""
    del asked
    hospital = values["fixmedins_type"] != "2"
    if hospital != str(values["fixmedins_code"]).startswith("H"):
        return Fault("fixmedins_code", "LOAD-12", "医疗机构编码以 H 开头，药店以 P 开头。", "Hospitals begin with H, pharmacies with P.")
    if hospital and not values["hosp_lv"]:
        return Fault("hosp_lv", "LOAD-05", "医疗机构须有等级 hosp_lv（01–14，无等级为 11）。", "A hospital needs hosp_lv (11: none).")
    return None


INSTITUTIONS = Table("institutions", "定点医药机构", (
    Column("fixmedins_code", "定点医药机构编号", INSTITUTION, required=True),
    Column("fixmedins_name", "定点医药机构名称", short(200), required=True),
    Column("fixmedins_type", "定点医疗服务机构类型", one_of("1", "2", "3", "4", "5"), required=True),
    Column("hosp_lv", "医院等级", padded(2, *LEVELS)),
    Column("uscc", "统一社会信用代码", short(18)),
    Column("admdvs", "所在区划", AREA, required=True),
    Column("agreement_no", "协议编号", short(60)),
    Column("agreement_starts", "协议起始日", day, default=None),
    Column("agreement_ends", "协议终止日（当日起失效）", day, default=None),
    Column("agreement_scope", "协议范围", short(200)),
), ("fixmedins_code", "agreement_starts"), both(kind_fits, sound_unit, spans("agreement_starts", "agreement_ends")), "7")  # fmt: skip

DEPARTMENTS = Table("departments", "科室", (
    Column("fixmedins_code", "定点医药机构编号", INSTITUTION, required=True),
    Column("hosp_dept_codg", "医院科室编码", short(20), required=True),
    Column("hosp_dept_name", "医院科室名称", short(50), required=True),
    Column("caty", "科别", shaped(r"[A-Z][0-9]{2}(\.[0-9]{2}){0,2}", "科别代码", "a department category")),
    STARTS, ENDS,
    Column("aprv_bed_cnt", "批准床位数量", whole(0, 10_000), default=None),
    Column("dr_psncnt", "医师人数", whole(0, 10_000), default=None),
    Column("nurs_psncnt", "护士人数", whole(0, 10_000), default=None),
), ("fixmedins_code", "hosp_dept_codg"), spans("starts", "ends"))  # fmt: skip

PRACTITIONERS = Table("practitioners", "医师、护士、药师", (
    Column("prac_psn_code", "执业人员代码", shaped(r"[A-Z]{1,2}[0-9]{12}", "执业人员代码", "a practitioner's code"), required=True),
    Column("prac_psn_type", "执业人员分类", one_of("1", "2", "3", "4"), required=True),
    Column("prac_psn_name", "执业人员姓名", short(50), required=True),
    Column("fixmedins_code", "定点医药机构编号", INSTITUTION, required=True),
    Column("hosp_dept_codg", "医院科室编码", short(20)),
    STARTS, ENDS,
    Column("hi_dr_flag", "医保医师标志", flag, default=False),
), ("prac_psn_code", "fixmedins_code"), spans("starts", "ends"), "9")  # fmt: skip

MEASURES = Table("measures", "处理措施", (
    Column("kind", "对象类别", one_of("institution", "practitioner", "person"), required=True),
    Column("target", "对象编号", short(30), required=True),
    STARTS, ENDS,
    Column("reason", "理由", short(200), required=True),
    Column("clause", "依据", short(120)),
), ("kind", "target", "starts"), spans("starts", "ends"))  # fmt: skip
