"""Loading the codes desk's tables 编码导入: items, code sets, ceilings, first-self-pay shares, mappings; what version each set has."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from openyibao.bureau.codes.models import Ceiling, Code, CodeSet, Item, Mapping, SelfPay, Version
from openyibao.bureau.loading.sift import Loaded, Row
from openyibao.bureau.loading.storing import stored

SETS = (
    ("1a", "疾病诊断", "Diagnoses, ICD-10 insurance edition", r"^[A-Z]\d{2}\..+$"),
    ("1b", "手术操作", "Operations, ICD-9-CM-3 insurance edition", r"^\d{2}\..+$"),
    ("1c", "中医病证", "Traditional Chinese medicine diseases and syndromes", r"^[A-Z]{1,3}\d{2,3}.*$"),
    ("2", "医疗服务项目", "Service items", r"^\d{15}$"),
    ("3", "药品", "Drugs", r"^(X.{22}|Z.{19}|T\d{9})$"),
    ("4", "医用耗材", "Consumables", r"^C\d{26}$"),
    ("5", "医保系统单位", "Units of the insurance system", r"^[A-Z]?\d{6,18}$"),
    ("6", "医保系统工作人员", "Staff of the insurance system", r"^[A-Z0-9]{6,20}$"),
    ("7", "定点医疗机构", "Designated hospitals", r"^H\d{11}$"),
    ("8", "定点零售药店", "Designated pharmacies", r"^P\d{11}$"),
    ("9", "医保医师", "Doctors", r"^D\d{12}$"),
    ("10", "医保护士", "Nurses", r"^N\d{12}$"),
    ("11", "医保药师", "Pharmacists", r"^[A-Z]{1,2}\d{12}$"),
    ("12", "门诊慢特病种", "Outpatient chronic diseases", r"^M\d{5}$"),
    ("13", "按病种结算病种", "Diseases settled by case", r"^[A-Z]?[0-9A-Za-z.]{3,30}$"),
    ("14", "日间手术病种", "Day surgery", r"^[A-Z]?[0-9A-Za-z.]{3,30}$"),
    ("15", "医疗保障基金结算清单", "The settlement list", ""),
    ("1318", "限价", "Price ceilings (our own list)", ""),
    ("1319", "先自付比例", "First-self-pay shares (our own list)", ""),
)
"""The national code sets, and our two lists whose size is guarded like theirs: number, name, English name, form of a code."""

BUILT_IN = frozenset({
    "med_list_codg", "hilist_name", "list_type", "med_chrgitm_type", "chrgitm_lv", "prcunt", "dosform", "drug_spec", "spec",
    "lmt_used_flag", "lmt_usescp", "bas_medn_flag", "hi_nego_drug_flag", "dual_channel_flag", "begndate", "enddate", "repl_codg",
})  # fmt: skip
"""Columns of an item that have a field of their own; the rest is kept in `detail`."""


def rows_before(code_set: str) -> int:
    """How many rows the version of a set that was loaded last had; 0 = none."""
    last = Version.objects.filter(code_set_id=code_set).order_by("-id").first()
    return last.rows if last else 0


def note_version(code_set: str, *, name: str, rows: int, digest: str, at: datetime) -> Version:
    """Write down that a version of a set was loaded, unless the last one was the same file; the sets themselves are made with the first."""
    CodeSet.objects.bulk_create(
        [CodeSet(number=number, name=zh, name_en=en, pattern=pattern) for number, zh, en, pattern in SETS], ignore_conflicts=True
    )
    last = Version.objects.filter(code_set_id=code_set).order_by("-id").first()
    if last is not None and (last.digest, last.rows) == (digest, rows):
        return last
    return Version.objects.create(code_set_id=code_set, name=name[:40], loaded_at=at, rows=rows, digest=digest, source=name[:120])


def detail_of(values: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """What a row says beyond its own fields, as JSON, empty cells left out. Prices stay 1/1,000,000 yuan."""
    return {name: value for name, value in values.items() if name not in known and value not in ("", None)}


def load_items(rows: Sequence[Row], version: Version) -> Loaded:
    """Drugs, services or consumables 目录项目 over spans of days."""
    wanted = {}
    for _, values in rows:
        wanted[values["med_list_codg"], values["begndate"]] = {
            "list_type": values["list_type"], "name": values["hilist_name"], "item_class": values["chrgitm_lv"],
            "med_chrgitm_type": values["med_chrgitm_type"], "ends": values["enddate"], "replaced_by": values["repl_codg"],
            "restricted": values["lmt_used_flag"], "restriction": values["lmt_usescp"],
            "dual_channel": values.get("dual_channel_flag", False), "negotiated": values.get("hi_nego_drug_flag", False),
            "basic_medicine": values.get("bas_medn_flag", False), "spec": values.get("drug_spec") or values.get("spec", ""),
            "unit": values["prcunt"], "dosform": values.get("dosform", ""), "detail": detail_of(values, BUILT_IN), "version": version,
        }  # fmt: skip
    return stored(Item.objects.all(), ("hilist_code", "starts"), wanted, along=("version",))


def load_codes(code: str, name: str) -> Callable[[Sequence[Row], Version], Loaded]:
    """A loader of a code set: `code` and `name` are the columns that hold them."""
    known = frozenset({code, name, "begndate", "enddate", "repl_codg"})

    def load(rows: Sequence[Row], version: Version) -> Loaded:
        number = version.code_set_id
        wanted = {
            (values[code], values["begndate"]): {
                "code_set_id": number, "name": values[name], "ends": values["enddate"], "replaced_by": values.get("repl_codg", ""),
                "version": version, "detail": detail_of(values, known),
            } for _, values in rows
        }  # fmt: skip
        return stored(Code.objects.filter(code_set=number), ("code", "starts"), wanted, along=("version",))
    return load


def load_ceilings(rows: Sequence[Row]) -> Loaded:
    """Price ceilings 限价 (1318). An empty area is the whole country, an empty kind every grade."""
    wanted = {
        (values["hilist_code"], values["insu_admdvs"], values["hilist_lmtpric_type"], values["begndate"]): {
            "overlmt_dspo_way": values["overlmt_dspo_way"], "price": values["hilist_pric_uplmt_amt"], "ends": values["enddate"],
        } for _, values in rows
    }  # fmt: skip
    return stored(Ceiling.objects.all(), ("hilist_code", "insu_admdvs", "lmtpric_type", "starts"), wanted)


def load_selfpay(rows: Sequence[Row]) -> Loaded:
    """First-self-pay shares 先自付比例 (1319)."""
    wanted = {
        (values["hilist_code"], values["insu_admdvs"], values["selfpay_prop_psn_type"], values["selfpay_prop_type"], values["begndate"]): {
            "rate": values["selfpay_prop"], "ends": values["enddate"],
        } for _, values in rows
    }  # fmt: skip
    return stored(SelfPay.objects.all(), ("hilist_code", "insu_admdvs", "psn_type", "prop_type", "starts"), wanted)


def load_mappings(rows: Sequence[Row]) -> Loaded:
    """Institutions' own items mapped to national codes 目录对照 (3301); one that was withdrawn stays so, and a new one stands beside it."""
    wanted = {
        (values["fixmedins_code"], values["fixmedins_hilist_id"], values["list_type"]): {
            "own_name": values["fixmedins_hilist_name"], "hilist_code": values["med_list_codg"], "starts": values["begndate"],
            "ends": values["enddate"], "detail": {name: values[name] for name in ("prcunt", "spec") if values[name]},
        } for _, values in rows
    }  # fmt: skip
    return stored(Mapping.objects.filter(withdrawn=False), ("fixmedins_code", "own_code", "list_type"), wanted)
