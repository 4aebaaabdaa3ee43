"""From the facts of the desks to the kernel's claim 组单: who is covered how, where, for what, with which entitlements.

The claim itself is made by the same function as for bill files (warehouse/bills/assemble.py); here the standing is the register's, not a
file's. Of off-site care the catalogue, prices and classes are the treating side's; deductible, ratio and cap the home side's.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from openyibao.bureau.entitlement.models import Filing
from openyibao.bureau.entitlement.queries import class_by
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.packing import unpack
from openyibao.kernel import codes
from openyibao.kernel.claim import FOREVER, Claim
from openyibao.kernel.dates import days_between
from openyibao.kernel.lines import bed_excess
from openyibao.kernel.plan import Plan, Scope
from openyibao.kernel.year import Year, opened
from openyibao.policybook import national
from openyibao.policybook.book import Book
from openyibao.warehouse.bills.assemble import DIALYSIS_DISEASE, bare_claim
from openyibao.warehouse.bills.bill import STAYS, Bill
from openyibao.warehouse.bills.people import NOBODY
from openyibao.warehouse.bills.problems import Problem
from openyibao.warehouse.bills.settled import NO_PLAN
from openyibao.warehouse.bills.standing import Opening, Standing

FAMILY = "2"
"""acct_used_flag: the family's accounts may pay too 共济."""

NONE = "-"
NO_SCOPE = Scope(0, 0, 0, codes.UNBOUNDED, 0, (codes.UNBOUNDED,) * codes.LEVELS)
"""Where no policy is in force nothing is cut, since no fund pays."""


class Asked(NamedTuple):
    """What the settlement message asks for, beyond the visit."""

    psn_no: str
    insutype: str
    med_type: str  # "" = the visit's
    batch: str  # chrg_bchno; a stay has "0"
    account_flag: str  # acct_used_flag
    total: int | None  # medfee_sumamt as the hospital has it, fen; None = not stated
    extra: Mapping[str, Any]  # exp_content
    cert_type: str = ""
    discharged: datetime | None = None  # dscgTime of a trial before 2402
    sort: str = "O"  # which sort of visit the message settles: O, I, P
    invoice: str = ""  # invono


class Share(NamedTuple):
    """A relative's account 共济账户 that may pay: whose, and how much of it, fen."""

    owner: str
    left: int


class Case(NamedTuple):
    """A bill ready for the law: claim, plan and year, and whose book it is."""

    claim: Claim
    plan: Plan
    before: Year
    book: Book
    scope: Scope
    shares: tuple[Share, ...]
    med_type: str


class Granted(NamedTuple):
    """One filing in force, as facts.py packs it."""

    kind: str
    code: str
    starts: int
    fixmedins_code: str
    area: str


def number_of(day: date | None) -> int:
    """A day as yyyymmdd; 0 for none."""
    return 0 if day is None else day.year * 10_000 + day.month * 100 + day.day


def filings_of(row: Mapping[str, Any]) -> tuple[Granted, ...]:
    """The person's filings in force."""
    found = []
    for text in row["filings"] or ():
        kind, code, starts, institution, area = text.split(" ")
        found.append(Granted(kind, code, int(starts), institution if institution != NONE else "", area if area != NONE else ""))
    return tuple(found)


def shares_of(row: Mapping[str, Any], asked: Asked) -> tuple[Share, ...]:
    """The relatives' accounts in order of use, where the message allows them."""
    if asked.account_flag != FAMILY:
        return ()
    found = []
    for text in row["shares"] or ():
        owner, balance, limit, used = text.split(" ")
        left = int(balance) if int(limit) < 0 else min(int(balance), max(int(limit) - int(used), 0))
        if left > 0:
            found.append(Share(owner, left))
    return tuple(found)


def home_area(row: Mapping[str, Any]) -> str:
    """The division whose policy decides 参保地: of the relation on the day, else of the person."""
    return str(row["relation_area"] or row["person_area"])


def home_book(row: Mapping[str, Any], shelf: Shelf) -> Book:
    """The home side's policies. Raises Refused when this server has none for the area."""
    area = home_area(row)
    book = shelf.of_area(area)
    if book is None:
        raise Refused(
            "AREA-01",
            f"参保地 {area} 的待遇政策不在本系统",
            f"this system has no policies for the insured place {area}",
            next_zh="请走异地平台或回参保地手工报销",
            next_en="use the off-site platform, or claim at the insured place",
        )
    return book


def is_transfer(filings: tuple[Granted, ...], row: Mapping[str, Any]) -> bool:
    """Whether the stay continues another hospital's 转院: a referral to this institution was filed within the pooling area."""
    return any(one.kind == Filing.REFERRAL and one.fixmedins_code == row["fixmedins_code"] for one in filings)


def offsite_of(row: Mapping[str, Any], filings: tuple[Granted, ...], med_type: str) -> int:
    """The off-site class 异地类别 of the visit."""
    return class_by(
        filings, home=home_area(row), treating=str(row["institution_area"]), institution=row["fixmedins_code"], med_type=med_type
    )


def aid_of(row: Mapping[str, Any]) -> tuple[int, int]:
    """(aid category, registered poor 0/1): of several categories the first in the order of kernel.codes."""
    found = [national.aid_of(code) for code in row["identities"] or ()]
    categories = [code for code in found if code]
    poor = any(code in national.REGISTERED_POOR for code in row["identities"] or ())
    return (min(categories) if categories else codes.NO_AID), int(poor)


def cover_to(row: Mapping[str, Any]) -> int:
    """The last day of benefit 待遇终止日: the day before the earlier of the relation's end and the benefit's."""
    ends = [day for day in (row["relation_ends"], row["benefit_to"]) if day is not None]
    return number_of(min(ends) - timedelta(1)) if ends else FOREVER


def suspended(row: Mapping[str, Any]) -> int:
    """1 = benefits are suspended for arrears 欠费暂停 on the day that decides."""
    starts, ends, day = row["suspended_from"], row["suspended_to"], row["first_day"]
    return int(starts is not None and starts <= day and (ends is None or day < ends))


def standing_of(row: Mapping[str, Any], filings: tuple[Granted, ...]) -> Standing:
    """The person's standing 待遇身份 on the day that decides, from the register."""
    scheme = national.SCHEMES[row["insutype"]].code
    chronic = tuple((one.code, one.starts) for one in filings if one.kind == Filing.CHRONIC)
    registered = 0
    for one in filings:
        if one.kind == Filing.TWO_DISEASE:
            registered |= national.TWO_DISEASES.get(one.code, 0)
    aid, poor = aid_of(row)
    died = number_of(row["died_on"])
    if row["benefit_from"] is None:
        return Standing(scheme=scheme, aid=aid, registered_poor=poor, chronic=chronic, two_registered=registered, cover_from=0, died=died)
    return Standing(
        scheme=scheme,
        status=national.status_of(row["psn_type"]) or codes.ACTIVE,
        civil_servant=int(row["civil_servant"]),
        aid=aid,
        registered_poor=poor,
        chronic=chronic,
        two_registered=registered,
        added=row["added"],
        cover_from=number_of(row["benefit_from"]),
        cover_to=cover_to(row),
        wait_until=number_of(row["wait_until"]),
        suspended=suspended(row),
        died=died,
    )


def kind_of(row: Mapping[str, Any], med_type: str, detail: Mapping[str, Any], book: Book, day: int, scheme: int) -> int:
    """The kind of bill 就诊类别; dialysis by the session where the home city pays a package. Raises Refused for an unknown med_type."""
    weeks = int(detail.get("geso_val") or 0)
    kind = national.kind_of(med_type, str(detail.get("matn_type") or ""), str(detail.get("birctrl_type") or ""), weeks)
    if kind is None:
        raise Refused(
            "VISIT-08",
            f"医疗类别 {med_type} 没有对应的结算方式",
            f"there is no way to settle med_type {med_type}",
            place="med_type",
            next_zh="请核对医疗类别",
            next_en="check med_type",
        )
    if kind == codes.CHRONIC and row["dise_codg"] == DIALYSIS_DISEASE and row["line_sessions"] > 0:
        plan = book.plan(scheme, day)
        if plan is not None and plan.dialysis.present:
            return codes.DIALYSIS
    return kind


def bill_of(row: Mapping[str, Any], asked: Asked, detail: Mapping[str, Any], book: Book, filings: tuple[Granted, ...]) -> Bill:
    """The bill in the words of warehouse/bills, its standing the register's."""
    said = standing_of(row, filings)
    med_type = asked.med_type or row["med_type"]
    day, first = number_of(row["day"]), number_of(row["first_day"])
    kind = kind_of(row, med_type, detail, book, day, said.scheme or 0)
    disease = row["dise_codg"] if kind in (codes.CHRONIC, codes.TWO_DISEASE, codes.DIALYSIS) else ""
    special = 1 if any(one.kind == Filing.SPECIAL_DRUG for one in filings) else 0
    offsite = offsite_of(row, filings, med_type)
    fields = {
        "offsite": offsite,
        "place": 0 if offsite == codes.HOME else int(row["institution_area"]),
        "transferred": int(kind in STAYS and is_transfer(filings, row)),
        "long_bed": int(med_type in national.LONG_BEDS),
        "babies": max(int(detail.get("fetus_cnt") or 1), 1),
        "complication": int(str(detail.get("cop_flag") or "0") == "1"),
        "sessions": row["line_sessions"] if kind == codes.DIALYSIS else 0,
        "account_use": int(asked.account_flag != "0"),
        "agreement": int(bool(row["agreed"])),
    }
    return Bill(
        0,
        str(row["mdtrt_id"]),
        row["psn_no"],
        book.city,
        kind,
        day,
        first if kind in STAYS else 0,
        codes.P0 if not row["hosp_lv"] else -1,
        row["hosp_lv"] or "",
        (),
        None,
        disease,
        "",
        national.TWO_DISEASES.get(disease, 0) if kind == codes.TWO_DISEASE else 0,
        special if kind == codes.DUAL_CHANNEL else None,
        said,
        Opening(),
        tuple(fields.items()),
    )


def year_before(row: Mapping[str, Any], shares: tuple[Share, ...]) -> Year:
    """The year before the bill 结算前累计: the row of the deciding year, else one opened after the last; accounts as they are now."""
    number = row["day"].year
    if row["year_version"] is not None:
        year = unpack(Year, row["year_figures"])
    elif row["earlier_figures"] is not None:
        year = opened(unpack(Year, row["earlier_figures"]), number)
    else:
        year = Year(year=number)
    return year._replace(account=row["balance"] or 0, family=sum(share.left for share in shares))


def scope_for(row: Mapping[str, Any], shelf: Shelf, claim: Claim, home: Plan) -> Scope:
    """The catalogue rules that split the lines: the treating side's where this server has them, else the home side's."""
    if claim.offsite != codes.HOME:
        book = shelf.of_area(str(row["institution_area"]))
        plan = book.plan(claim.scheme, claim.day) if book is not None else None
        if plan is not None:
            return plan.scope
    return home.scope if home.scheme else NO_SCOPE


def with_sums(claim: Claim, row: Mapping[str, Any], scope: Scope, third_party: bool) -> Claim:
    """The claim with the sums of its lines; beds above the daily ceiling leave the scope for the whole bill."""
    days = max(days_between(claim.admitted or claim.day, claim.day), 1)
    excess = bed_excess(row["line_bed"], days, claim.level, scope)
    within = row["line_within"] - excess
    return claim._replace(
        total=row["line_fee"],
        full=row["line_full"],
        over=row["line_over"] + excess,
        pre=row["line_pre"],
        within=within,
        off_list=row["line_off_list"],
        consultation=row["line_consultation"],
        third_party=within if third_party else 0,
    )


def case_of(row: Mapping[str, Any], asked: Asked, detail: Mapping[str, Any], shelf: Shelf) -> Case:
    """Everything the law needs for this bill. Raises Refused."""
    book, filings = home_book(row, shelf), filings_of(row)
    bill = bill_of(row, asked, detail, book, filings)
    try:
        claim = bare_claim(bill, NOBODY, book)
    except Problem as problem:
        raise Refused(problem.code, problem.zh, problem.en, place=problem.field) from None
    claim = claim._replace(epidemic=int(shelf.is_emergency(book.city, claim.day, row["diagnoses"] or ())))
    plan, shares = book.plan_for(claim) or NO_PLAN, shares_of(row, asked)
    scope = scope_for(row, shelf, claim, plan)
    claim = with_sums(claim, row, scope, str(asked.extra.get("REL_TTP_FLAG") or "0") == "1")
    return Case(claim, plan, year_before(row, shares), book, scope, shares, asked.med_type or row["med_type"])
