"""One bill as its row states it 账单: codes resolved as far as no city's policy is needed; assembling the claim is assemble.py."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from openyibao.kernel import codes
from openyibao.policybook import national
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.charges import Charges, charges
from openyibao.warehouse.bills.columns import BILL, PERSON, canonical
from openyibao.warehouse.bills.problems import bad_value, impossible, missing, unknown_code
from openyibao.warehouse.bills.standing import Opening, Standing, opening, over, standing
from openyibao.warehouse.bills.sums import completed, stated_sums
from openyibao.warehouse.bills.values import choice, day, day_text, money, text, whole, yes_no

STAYS = (codes.INPATIENT, codes.DAY_SURGERY, codes.RESCUE, codes.DELIVERY, codes.CAESAREAN)
"""Kinds with an admission day of their own."""

FLAGS = ("transferred", "continued", "complication", "epidemic", "pre_existing", "outside_fund")


class Bill(NamedTuple):
    """One row of a bill file, parsed; what needs a city's policy (level by hosp_lv, disease slots, lines) is still as stated."""

    line: int
    number: str  # bill_id
    person: str  # psn_no
    city: str
    kind: int
    day: int
    admitted: int
    level: int  # -1 = by hosp_lv
    hosp_lv: str
    sums: tuple[tuple[str, int], ...]  # stated sums by kernel name
    charges: Charges | None
    disease: str
    other_disease: str
    two_disease: int
    granted: int | None
    said: Standing  # the bill over its `person`
    opening: Opening
    fields: tuple[tuple[str, int], ...]  # further fields of the claim by name
    seen: tuple[str, ...] = ()  # chronic diseases of all the person's bills in the file, where there are several


def bill(raw: Mapping[str, Any], line: int) -> Bill:
    """A row as a Bill; raises Problem with the first thing that is wrong."""
    cells = canonical(raw, BILL)
    if "reverses" in cells:
        raise impossible("reverses", cells["reverses"], "这里要一张账单，不能写 reverses", "a bill is wanted here, not a reversal")
    for field, zh, en in (("bill_id", "（账单号）", " (the bill's number)"), ("psn_no", "（人员编号）", " (the person's number)")):
        if field not in cells:
            raise missing(field, zh, en)
    kind, med_type = kind_of(cells)
    first, last = days(cells, kind)
    level, hosp_lv = level_of(cells, kind)
    sums, lines = stated_sums(cells), charges(cells["feedetail"]) if "feedetail" in cells else None
    if lines is None:
        completed(sums)
    said, start = standing_of(cells)
    disease = text("dise_code", cells["dise_code"]) if "dise_code" in cells else ""
    return Bill(
        line, text("bill_id", cells["bill_id"]), text("psn_no", cells["psn_no"]),
        text("city", cells["city"]) if "city" in cells else "",
        kind, last, first if kind in STAYS else 0, level, hosp_lv, tuple(sums.items()), lines,
        disease_code("dise_code", disease, kind == codes.CHRONIC),
        disease_code("other_dise_code", text("other_dise_code", cells["other_dise_code"]) if "other_dise_code" in cells else "", False),
        two_disease_of(cells, kind, disease),
        yes_no("granted", cells["granted"]) if "granted" in cells else None,
        said, start, tuple(further(cells, kind, med_type).items()),
    )  # fmt: skip


def kind_of(cells: Mapping[str, Any]) -> tuple[int, str]:
    """The kind of bill and its med_type ("" when only the plain kind is stated)."""
    med_type = text("med_type", cells["med_type"]) if "med_type" in cells else ""
    if "kind" in cells:
        return choice("kind", cells["kind"], words.KINDS, words.KIND_WORDS), med_type
    if not med_type:
        raise missing("kind", " 或 med_type（就诊类别）", " or med_type (the kind of bill)")
    matn, birctrl = (text(name, cells[name]) if name in cells else "" for name in ("matn_type", "birctrl_type"))
    weeks = whole("geso_val", cells["geso_val"], 0, 50) if "geso_val" in cells else 0
    kind = national.kind_of(med_type, matn, birctrl, weeks)
    if kind is None:
        raise unknown_code("med_type", med_type, " ".join(sorted(national.KINDS)))
    return kind, med_type


def days(cells: Mapping[str, Any], kind: int) -> tuple[int, int]:
    """(first day, deciding day): admission and discharge of a stay, the service day twice otherwise."""
    last = day("enddate", cells["enddate"]) if "enddate" in cells else 0
    first = day("begndate", cells["begndate"]) if "begndate" in cells else last
    if last == 0:
        if kind in STAYS or first == 0:
            raise missing("enddate", "（出院日或就诊日）", " (the day of discharge or service)")
        last = first
    if first > last:
        raise impossible("begndate", day_text(first), f"入院日 {day_text(first)} 晚于出院日 {day_text(last)}",
                         f"begndate {day_text(first)} is after enddate {day_text(last)}")
    return first, last


def level_of(cells: Mapping[str, Any], kind: int) -> tuple[int, str]:
    """(level, "") by plain name, or (-1, hosp_lv) for the city's map; a pharmacy needs none."""
    if "level" in cells:
        return choice("level", cells["level"], words.LEVELS, words.LEVEL_WORDS), ""
    if "hosp_lv" in cells:
        grade = text("hosp_lv", cells["hosp_lv"])
        if not grade.isdigit() or not 1 <= int(grade) <= 14:
            raise unknown_code("hosp_lv", grade, "1-14")
        return -1, grade
    if kind == codes.PHARMACY:
        return codes.P0, ""
    raise missing("level", " 或 hosp_lv（机构等级）", " or hosp_lv (the institution's level)")


def disease_code(field: str, code: str, required: bool) -> str:
    """A chronic disease code of the national shape, M and five digits."""
    if not code:
        if required:
            raise missing(field, "（慢特病病种编码）", " (the chronic disease)")
        return ""
    if len(code) != 6 or code[0] != "M" or not code[1:].isdigit():
        raise unknown_code(field, code, "M03900 M01600 …")
    return code


def two_disease_of(cells: Mapping[str, Any], kind: int, disease: str) -> int:
    """Which of the two diseases 两病 the bill is for; 0 where it is none."""
    if kind != codes.TWO_DISEASE:
        return 0
    if "two_disease" in cells:
        return choice("two_disease", cells["two_disease"], words.DISEASES, "hypertension diabetes")
    if disease in national.TWO_DISEASES:
        return national.TWO_DISEASES[disease]
    raise missing("two_disease", "（高血压 hypertension 或糖尿病 diabetes）", " (hypertension or diabetes)")


def standing_of(cells: Mapping[str, Any]) -> tuple[Standing, Opening]:
    """The person's standing and opening figures as the bill states them, the bill's own columns over `person`."""
    inner = cells.get("person", {})
    if not isinstance(inner, Mapping):
        raise bad_value("person", inner, "应为对象 {…}", "must be an object {…}")
    within = canonical(inner, PERSON)
    own = {name: value for name, value in cells.items() if name in PERSON}
    start = dict(opening(within).figures) | dict(opening(own).figures)
    return over(standing(own), standing(within)), Opening(tuple(sorted(start.items())))


def further(cells: Mapping[str, Any], kind: int, med_type: str) -> dict[str, int]:
    """The remaining fields of the claim, only those that are not at their default."""
    found = {name: yes_no(name, cells[name]) for name in FLAGS if name in cells}
    if "long_bed" in cells or med_type in national.LONG_BEDS:
        found["long_bed"] = yes_no("long_bed", cells["long_bed"]) if "long_bed" in cells else 1
    if "third_party" in cells:
        found["third_party"] = money("third_party", cells["third_party"])
    if "offsite" in cells:
        found["offsite"] = choice("offsite", cells["offsite"], words.OFFSITE, words.OFFSITE_WORDS)
    if "mdtrtarea_admdvs" in cells:
        found["place"] = whole("mdtrtarea_admdvs", cells["mdtrtarea_admdvs"], 110_000, 829_999)
    if "babies" in cells:
        found["babies"] = whole("babies", cells["babies"], 1, 9)
    if "sessions" in cells:
        found["sessions"] = whole("sessions", cells["sessions"], 1 if kind == codes.DIALYSIS else 0, 99)
    elif kind == codes.DIALYSIS:
        raise missing("sessions", "（血透次数）", " (number of dialysis sessions)")
    if "acct_used_flag" in cells:
        flag = text("acct_used_flag", cells["acct_used_flag"])
        if flag not in ("0", "1", "2"):
            raise unknown_code("acct_used_flag", flag, "0 1 2")
        found["account_use"] = 0 if flag == "0" else 1
    if "agreement" in cells:
        found["agreement"] = yes_no("agreement", cells["agreement"])
    return found
