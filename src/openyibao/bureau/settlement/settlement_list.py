"""The settlement list 医保结算清单 (4101): what its figures, dates and codes must say, and keeping it.

An error makes the list useless for grouping or payment, and the list is refused with every error named; a remark is kept with the list
and shown to the coder. Field names are the form's own, which are the national ones. The checks read facts and touch no database.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from openyibao.bureau.codes import queries as codes
from openyibao.bureau.codes.catalogue import Gone, ListedCode
from openyibao.bureau.providers.queries import doctors_on
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import BillList, Encounter, Layer, Settlement

STAY = "I"
WESTERN, TCM_DISEASE, TCM_SYNDROME = "1", "2", "3"  # diag_type
YES = "1"
NO_FUND = frozenset({"310200", "390500", "999996"})  # 个人账户, 家庭账户, 医院垫付: rows of setldetail that a list may leave out
TRANSFERRED = frozenset({"2", "3"})  # dscg_way 医嘱转院
PLANNED = "2"  # days_rinp_flag_31 有
DURATION = re.compile(r"\d{1,4}/\d{1,2}/\d{1,2}")  # days/hours/minutes
LIGHTEST, HEAVIEST = 100, 9_999  # grams of a newborn
NURSING = ("spga_nurscare_days", "lv1_nurscare_days", "scd_nurscare_days", "lv3_nurscare_days")

Row = Mapping[str, Any]


class Problem(NamedTuple):
    """One thing wrong with a list 清单问题."""

    place: str  # diseinfo[0].diag_code
    zh: str
    en: str
    error: bool = True  # False: a remark, kept with the list


class Facts(NamedTuple):
    """What we know of the bill that a list is about."""

    psn_no: str
    mdtrt_id: int
    is_stay: bool
    begins: datetime  # as the clock shows it
    ends: datetime | None
    med_type: str
    total: int
    account: int
    cash: int
    layers: Mapping[str, int]  # fund_pay_type -> fen
    words: Mapping[str, Mapping[str, ListedCode | Gone]]  # code set -> codes of the list
    loaded: frozenset[str]  # code sets that have been loaded: no other can refuse a code
    doctors: frozenset[str]  # practitioner codes of the list that the institution has registered


def fen(amount: Decimal) -> int:
    """Yuan of at most two decimals as fen."""
    return int(amount.scaleb(2))


def yuan(amount: int) -> str:
    """Fen as yuan with two decimals, for sentences."""
    return f"{Decimal(amount).scaleb(-2):.2f}"


def problems_of(content: Mapping[str, Any], facts: Facts) -> list[Problem]:
    """Everything wrong with a list, errors first.

    content  node -> row or rows, as the door has checked their form
    """
    head = content["setlinfo"]
    found = [
        *whose(head, facts), *dates(head, facts), *payers(content.get("payinfo", []), facts), *charges(content.get("iteminfo", []), facts),
        *totals(head, facts), *diagnoses(content.get("diseinfo", []), facts), *operations(content.get("oprninfo", []), head, facts),
        *intensive_care(content.get("icuinfo", []), head), *circumstances(head, facts),
    ]
    return sorted(found, key=lambda problem: not problem.error)


def whose(head: Row, facts: Facts) -> Iterator[Problem]:
    """Person and visit are those of the settlement."""
    if head.get("psn_no", facts.psn_no) != facts.psn_no:
        yield Problem("setlinfo.psn_no", "人员编号与该笔结算不一致", "psn_no is not the settlement's")
    if str(head.get("mdtrt_id", facts.mdtrt_id)) != str(facts.mdtrt_id):
        yield Problem("setlinfo.mdtrt_id", f"就诊ID应为 {facts.mdtrt_id}", f"mdtrt_id must be {facts.mdtrt_id}")


def dates(head: Row, facts: Facts) -> Iterator[Problem]:
    """Admission, discharge and the settled days are in order and are the visit's."""
    admitted, discharged = head.get("adm_time"), head.get("dscg_time")
    if facts.is_stay:
        for name, zh, moment in (("adm_time", "入院时间", admitted), ("dscg_time", "出院时间", discharged)):
            if moment is None:
                yield Problem(f"setlinfo.{name}", f"住院清单须填{zh}", f"a stay needs {name}")
        if admitted and admitted.date() != facts.begins.date():
            yield Problem("setlinfo.adm_time", f"入院日 {admitted.date()} 与入院登记 {facts.begins.date()} 不一致",
                          f"the admission day is not that of 2401, {facts.begins.date()}", error=False)
        if discharged and facts.ends and discharged.date() != facts.ends.date():
            yield Problem("setlinfo.dscg_time", f"出院日 {discharged.date()} 与出院登记 {facts.ends.date()} 不一致",
                          f"the discharge day is not that of 2402, {facts.ends.date()}", error=False)
    if admitted and discharged and admitted > discharged:
        yield Problem("setlinfo.dscg_time", "出院时间早于入院时间", "discharged before admitted")
    begins, ends = head.get("setl_begn_date"), head.get("setl_end_date")
    if begins and ends and begins > ends:
        yield Problem("setlinfo.setl_end_date", "结算结束日期早于开始日期", "the settled days end before they begin")
    days = head.get("act_ipt_days")
    if days and admitted and discharged and str(days) != str(max((discharged.date() - admitted.date()).days, 1)):
        yield Problem("setlinfo.act_ipt_days", f"实际住院 {days} 天与出入院日期不一致", "act_ipt_days does not fit the dates", error=False)


def payers(rows: Sequence[Row], facts: Facts) -> Iterator[Problem]:
    """Each fund's sum is the settlement's."""
    said: dict[str, int] = {}
    for row in rows:
        kind = row.get("fund_pay_type", "")
        said[kind] = said.get(kind, 0) + fen(row.get("fund_payamt") or Decimal(0))
    for kind in sorted(said.keys() | facts.layers.keys()):
        ours = facts.layers.get(kind, 0)
        if said.get(kind, 0) != ours and not (kind in NO_FUND and not (kind in said and kind in facts.layers)):
            yield Problem("payinfo", f"基金 {kind} 支付 {yuan(said.get(kind, 0))} 元，结算为 {yuan(ours)} 元",
                          f"fund {kind} pays {yuan(said.get(kind, 0))}, the settlement says {yuan(ours)}")


def charges(rows: Sequence[Row], facts: Facts) -> Iterator[Problem]:
    """The charges by heading sum to the bill, and each row to its parts."""
    if not rows:
        return
    total = sum(fen(row.get("amt") or Decimal(0)) for row in rows)
    if total != facts.total:
        yield Problem("iteminfo", f"收费项目合计 {yuan(total)} 元，结算医疗费总额为 {yuan(facts.total)} 元",
                      f"the charges sum to {yuan(total)}, the settlement to {yuan(facts.total)}")
    parts = ("claa_sumfee", "clab_amt", "fulamt_ownpay_amt", "oth_amt")
    for number, row in enumerate(rows):
        if all(row.get(name) is not None for name in parts) and sum(fen(row[name]) for name in parts) != fen(row.get("amt") or Decimal(0)):
            yield Problem(f"iteminfo[{number}].amt", "金额不等于甲、乙、自费、其他四项之和", "amt is not the sum of its four parts")


def totals(head: Row, facts: Facts) -> Iterator[Problem]:
    """What the person paid is the settlement's, where the list says it."""
    for name, zh, ours in (("acct_pay", "个人账户支出", facts.account), ("psn_cashpay", "个人现金支付", facts.cash)):
        text = str(head.get(name) or "")
        if re.fullmatch(r"\d{1,14}(\.\d{1,2}0*)?", text) and fen(Decimal(text)) != ours:
            yield Problem(f"setlinfo.{name}", f"{zh} {text} 元，结算为 {yuan(ours)} 元", f"{name} is {text}, not {yuan(ours)}")


def diagnoses(rows: Sequence[Row], facts: Facts) -> Iterator[Problem]:
    """One main diagnosis of western medicine; every code in its set on the day; none twice."""
    western = [row for row in rows if row.get("diag_type", WESTERN) == WESTERN]
    mains = sum(row.get("maindiag_flag") == YES for row in western)
    if not western:
        yield Problem("diseinfo", "缺少西医诊断", "there is no diagnosis of western medicine")
    elif mains != 1:
        yield Problem("diseinfo", f"西医主要诊断应有且只有 1 个，现有 {mains} 个", f"{mains} western diagnoses are the main one, not 1")
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        kind, code = row.get("diag_type", WESTERN), row.get("diag_code", "")
        if (kind, code) in seen:
            yield Problem(f"diseinfo[{number}].diag_code", f"诊断 {code} 重复", f"diagnosis {code} stands twice")
        seen.add((kind, code))
        if code:
            yield from listed(code, codes.DIAGNOSES if kind == WESTERN else codes.TCM, f"diseinfo[{number}].diag_code", "诊断", facts)
    mains_tcm = sum(row.get("diag_type") == TCM_DISEASE and row.get("maindiag_flag") == YES for row in rows)
    if mains_tcm > 1:
        yield Problem("diseinfo", f"中医主病只能有 1 个，现有 {mains_tcm} 个", f"{mains_tcm} TCM diseases are the main one")


def listed(code: str, code_set: str, place: str, zh: str, facts: Facts) -> Iterator[Problem]:
    """A code stands in its set on the day."""
    word = facts.words.get(code_set, {}).get(code)
    if code_set not in facts.loaded or isinstance(word, ListedCode):
        return
    if word is None:
        yield Problem(place, f"{zh}编码 {code} 不在国家医保版编码内", f"{code} is not in the national code set")
    elif word.since is None:
        yield Problem(place, f"{zh}编码 {code} 自 {word.begins} 起才启用", f"{code} begins on {word.begins}")
    else:
        instead = f"，请改用 {word.replaced_by}" if word.replaced_by else ""
        yield Problem(place, f"{zh}编码 {code} 自 {word.since} 起停用{instead}", f"{code} ended on {word.since}")


def operations(rows: Sequence[Row], head: Row, facts: Facts) -> Iterator[Problem]:
    """One main operation; codes in the set; hours within the stay and in order; the surgeon registered."""
    mains = sum(row.get("oprn_oprt_type") == YES for row in rows)
    if rows and mains != 1:
        yield Problem("oprninfo", f"主要手术操作应有且只有 1 个，现有 {mains} 个", f"{mains} operations are the main one", error=False)
    admitted, discharged = head.get("adm_time"), head.get("dscg_time")
    for number, row in enumerate(rows):
        place = f"oprninfo[{number}]"
        if row.get("oprn_oprt_code"):
            yield from listed(row["oprn_oprt_code"], codes.OPERATIONS, f"{place}.oprn_oprt_code", "手术操作", facts)
        begins, ends = row.get("oprn_oprt_begntime"), row.get("oprn_oprt_endtime")
        if begins and ends and begins > ends:
            yield Problem(f"{place}.oprn_oprt_endtime", "手术结束早于开始", "the operation ends before it begins")
        if begins and ((admitted and begins.date() < admitted.date()) or (discharged and begins > discharged)):
            yield Problem(f"{place}.oprn_oprt_begntime", "手术时间不在住院期间", "the operation lies outside the stay")
        if row.get("anst_begntime") and row.get("anst_endtime") and row["anst_begntime"] > row["anst_endtime"]:
            yield Problem(f"{place}.anst_endtime", "麻醉结束早于开始", "the anaesthesia ends before it begins")
        yield from registered(row.get("oper_dr_code", ""), f"{place}.oper_dr_code", "术者", facts)


def registered(code: str, place: str, zh: str, facts: Facts) -> Iterator[Problem]:
    """A practitioner's code is in the institution's register."""
    if code and code not in facts.doctors:
        yield Problem(place, f"{zh}代码 {code} 未在本机构登记", f"{code} is not registered at this institution", error=False)


def intensive_care(rows: Sequence[Row], head: Row) -> Iterator[Problem]:
    """Intensive care is entered before it is left, within the stay, one ward at a time."""
    admitted, discharged = head.get("adm_time"), head.get("dscg_time")
    spans = []
    for number, row in enumerate(rows):
        entered, left = row.get("scs_cutd_inpool_time"), row.get("scs_cutd_exit_time")
        if not entered or not left:         # 4101A asks for neither
            continue
        spans.append((entered, left))
        if entered > left:
            yield Problem(f"icuinfo[{number}].scs_cutd_exit_time", "重症监护退出早于进入", "intensive care is left before it is entered")
        if (admitted and entered.date() < admitted.date()) or (discharged and left.date() > discharged.date()):
            yield Problem(f"icuinfo[{number}].scs_cutd_inpool_time", "重症监护不在住院期间", "intensive care lies outside the stay")
        if not DURATION.fullmatch(row.get("scs_cutd_sum_dura", "")):
            yield Problem(f"icuinfo[{number}].scs_cutd_sum_dura", "合计时长应写作 天/小时/分钟", "write days/hours/minutes", error=False)
    if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans))):
        yield Problem("icuinfo", "重症监护时段重叠", "spans of intensive care overlap", error=False)


def circumstances(head: Row, facts: Facts) -> Iterator[Problem]:
    """Fields that other fields ask for."""
    if head.get("dscg_way") in TRANSFERRED and not head.get("acp_medins_name"):
        yield Problem("setlinfo.acp_medins_name", "医嘱转院须填拟接收机构名称", "a transfer needs the receiving institution", error=False)
    if head.get("days_rinp_flag_31") == PLANNED and not head.get("days_rinp_pup_31"):
        yield Problem("setlinfo.days_rinp_pup_31", "31 天内再住院计划须填目的", "a planned readmission needs its purpose", error=False)
    if facts.is_stay and not head.get("dscg_way"):
        yield Problem("setlinfo.dscg_way", "住院清单须填离院方式", "a stay needs dscg_way", error=False)
    if head.get("age_days") is not None and head.get("nwb_bir_wt") is None:
        yield Problem("setlinfo.nwb_bir_wt", "新生儿须填出生体重", "a newborn needs the weight at birth", error=False)
    weight = head.get("nwb_bir_wt")
    if weight is not None and not LIGHTEST <= weight <= HEAVIEST:
        yield Problem("setlinfo.nwb_bir_wt", f"新生儿出生体重 {weight} 克不合理", f"{weight} g is no weight of a newborn", error=False)
    for name in ("vent_used_dura", "pwcry_bfadm_coma_dura", "pwcry_afadm_coma_dura"):
        if head.get(name) and not DURATION.fullmatch(head[name]):
            yield Problem(f"setlinfo.{name}", "时长应写作 天/小时/分钟", "write days/hours/minutes", error=False)
    admitted, discharged = head.get("adm_time"), head.get("dscg_time")
    nursed = sum((head.get(name) or Decimal(0) for name in NURSING), Decimal(0))
    if admitted and discharged and nursed > (discharged.date() - admitted.date()).days + 1:
        yield Problem("setlinfo.lv1_nurscare_days", f"各级护理共 {nursed} 天，超过住院天数", "more nursing than stay", error=False)
    yield from registered(head.get("chfpdr_code", ""), "setlinfo.chfpdr_code", "主诊医师", facts)


def settled(institution: str, setl_id: str) -> Settlement:
    """The standing settlement of an institution that a list is about. Raises Refused."""
    number = int(setl_id) if setl_id.isascii() and setl_id.isdigit() and len(setl_id) <= 18 else 0
    row = Settlement.objects.filter(setl_id=number, fixmedins_code=institution).first()
    if row is None:
        raise Refused("BILL-01", f"本机构没有结算ID为 {setl_id} 的结算", f"this institution has no settlement {setl_id}",
                      place="setlinfo.setl_id", next_zh="请用 5203 核对结算ID", next_en="check setl_id by 5203")
    taken_back = Settlement.objects.filter(mirror_of=number).first()
    if row.mirror_of is not None or taken_back is not None:
        raise Refused("BILL-02", f"结算 {setl_id} 是冲销单或已被撤销", f"settlement {setl_id} is a reversal, or was reversed",
                      place="setlinfo.setl_id", next_zh="请上传重新结算后的清单", next_en="send the list of the new settlement")
    return row


def facts_of(row: Settlement, content: Mapping[str, Any], *, at: datetime) -> Facts:
    """What we know of a settlement's bill, and of the codes and doctors that its list names."""
    visit = Encounter.objects.get(mdtrt_id=row.mdtrt_id)
    day = timezone.localdate(visit.ends or row.at)
    named = {
        codes.DIAGNOSES: [one.get("diag_code", "") for one in content.get("diseinfo", []) if one.get("diag_type", WESTERN) == WESTERN],
        codes.TCM: [one.get("diag_code", "") for one in content.get("diseinfo", []) if one.get("diag_type", WESTERN) != WESTERN],
        codes.OPERATIONS: [one.get("oprn_oprt_code", "") for one in content.get("oprninfo", [])],
    }
    staff = {content["setlinfo"].get("chfpdr_code", ""), *(one.get("oper_dr_code", "") for one in content.get("oprninfo", []))} - {""}
    return Facts(
        row.psn_no, row.mdtrt_id, visit.sort == STAY, clock(visit.begins), clock(visit.ends) if visit.ends else None, row.med_type,
        row.total, row.account, row.cash, sums(Layer.objects.filter(setl_id=row.setl_id).values_list("fund_pay_type", "fen")),
        {code_set: codes.words_on(code_set, wanted, day) for code_set, wanted in named.items()},
        frozenset(code_set for code_set in named if codes.is_loaded(code_set)), frozenset(doctors_on(staff, row.fixmedins_code, at)),
    )


def clock(at: datetime) -> datetime:
    """An instant as the clock on the wall shows it."""
    return timezone.localtime(at).replace(tzinfo=None)


def sums(rows: Any) -> dict[str, int]:
    """Fen by fund; funds that come to nothing left out."""
    found: dict[str, int] = {}
    for kind, amount in rows:
        found[kind] = found.get(kind, 0) + amount
    return {kind: amount for kind, amount in found.items() if amount}


@transaction.atomic
def keep(institution: str, content: Mapping[str, Any], stored: Mapping[str, Any], *, at: datetime) -> str:
    """Check a list and keep it as sent, with its remarks; its number 清单流水号. Sent again it is kept beside the earlier one.

    content  nodes as the door has checked them     stored  the same as plain JSON
    Raises Refused, naming every error.
    """
    row = settled(institution, str(content["setlinfo"]["setl_id"]))
    found = problems_of(content, facts_of(row, content, at=at))
    errors = [problem for problem in found if problem.error]
    if errors:
        raise Refused(
            "BILL-03", f"清单有 {len(errors)} 处错误：" + "；".join(f"{number}. {one.zh}" for number, one in enumerate(errors, 1)),
            f"{len(errors)} errors: " + "; ".join(f"{number}. {one.place} {one.en}" for number, one in enumerate(errors, 1)),
            place=errors[0].place, next_zh="请更正后重新上传", next_en="correct them and send the list again",
        )
    kept = BillList.objects.create(
        setl_id=row.setl_id, fixmedins_code=institution, psn_no=row.psn_no, at=at, content=dict(stored),
        problems=[{"place": one.place, "zh": one.zh, "en": one.en} for one in found],
    )
    kept.number = f"{kept.pk:09d}"
    kept.save(update_fields=["number"])
    return str(kept.number)
