"""Spans of insurance 参保关系变动: join, renew, pause, retire, die, move between cities, change scheme. Spans close and open.

Who joins is asked for no local household registration (A03). Two basic relations on one day are kept out by the database; the refusal
names the other one. Maternity is a mark of the employee relation and no relation of its own (A25). Each act locks the person's row first,
so that two desks acting on one person go one after the other.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q

from openyibao.bureau.enrolment import accounts, terms
from openyibao.bureau.enrolment.cover import ENDED, NORMAL, PAUSED, VOID, deciding, end_of_benefit
from openyibao.bureau.enrolment.models import BASIC, Due, Person, Relation
from openyibao.bureau.enrolment.terms import date_of, number_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.kernel import codes, enrolment
from openyibao.kernel.enrolment import Proposal, Situation, proposed_scheme
from openyibao.policybook.book import Book
from openyibao.policybook.national import SCHEMES, status_of

EMPLOYEE, RESIDENT = BASIC
ONE_BASIC = "enrolment_one_basic_relation"
NAMES = {EMPLOYEE: ("职工医保", "the employee scheme"), RESIDENT: ("居民医保", "the resident scheme")}


class Joining(NamedTuple):
    """Who joins what and how 参保登记."""

    psn_no: str
    insutype: str
    day: date  # of joining
    psn_type: str  # 人员类别
    admdvs: str
    emp_no: str = ""
    flexible: bool = False  # 灵活就业
    back_paid: int = 0  # years (residents) or months (employees) of the gap that are paid back
    excepted: bool = False  # newborns and others who may join at any time
    year: int = 0  # residents: the year joined for; 0 = as the window says
    civil_servant: bool = False
    added: int = 0
    source: str = ""


def locked_person(psn_no: str, *, alive: bool = True) -> Person:
    """The person's row, held to the end of the transaction. Raises Refused ENROL-01 (unknown or merged), ENROL-04 (dead)."""
    person = Person.objects.select_for_update().filter(psn_no=psn_no).first()
    if person is None or person.merged_into:
        other = f"该编号已并入 {person.merged_into}。" if person else ""
        raise Refused(
            "ENROL-01", f"没有这个人员编号。{other}", "There is no such person number.", place="psn_no",
            next_zh="请按证件号码重新查询。", next_en="Search by the identity number again.",
        )
    if alive and person.died_on is not None:
        raise Refused("ENROL-04", "参保人已登记死亡。", "The person is registered as dead.", place="psn_no", since=person.died_on,
                      next_zh="如登记有误，请先更正。", next_en="If that is wrong, correct it first.")
    return person


def relations_of(psn_no: str) -> list[Relation]:
    """All relations but void ones, oldest first."""
    return list(Relation.objects.filter(psn_no=psn_no).exclude(state=VOID).order_by("starts", "pk"))


def standing(psn_no: str, insutype: str, day: date) -> Relation:
    """The relation of a scheme that stands on a day. Raises Refused ENROL-03."""
    found = Relation.objects.filter(Q(ends__isnull=True) | Q(ends__gt=day), psn_no=psn_no, insutype=insutype, starts__lte=day)
    relation = found.exclude(state__in=(VOID, PAUSED)).order_by("-starts").first()
    if relation is None:
        zh, en = NAMES.get(insutype, (insutype, insutype))
        raise Refused("ENROL-03", f"{day} 没有在保的{zh}关系。", f"No relation to {en} stands on {day}.", place="insutype",
                      next_zh="请核对险种和日期。", next_en="Check scheme and day.")
    return relation


def opened(**fields: Any) -> Relation:
    """Write a new span. Raises Refused ENROL-02 naming the relation that is in the way."""
    try:
        with transaction.atomic():
            return Relation.objects.create(**fields)
    except IntegrityError as refused:
        if ONE_BASIC not in str(refused):
            raise
        raise overlapping(fields["psn_no"], fields["starts"], fields.get("ends")) from refused


def overlapping(psn_no: str, starts: date, ends: date | None) -> Refused:
    """The refusal that names the relation a new span meets."""
    later = Q(ends__isnull=True) | Q(ends__gt=starts)
    rows = Relation.objects.filter(later, psn_no=psn_no, insutype__in=BASIC).exclude(state=VOID)
    other = (rows.filter(starts__lt=ends) if ends else rows).order_by("starts").first()
    if other is None:
        raise RuntimeError("the database refused an overlap that is not there any more; try again")
    zh, en = NAMES[other.insutype]
    until = f"至 {other.ends} 前" if other.ends else "至今"
    return Refused(
        "ENROL-02", f"同一天不能有两个基本医保关系：已有{zh}（区划 {other.admdvs}，{other.starts} {until}）。",
        f"A person is in one basic scheme at a time: {en} (area {other.admdvs}) stands from {other.starts} to {other.ends or 'now'}.",
        place="insutype", since=other.starts, next_zh="请先停保或办理险种转换、转出。",
        next_en="Pause it, change scheme, or transfer it out first.", clause="社会保险法 第三章；重复参保取消其一",
    )


def closed(relation: Relation, ends: date, state: str) -> Relation:
    """End a span on a day; one that had not begun by then is void."""
    if ends <= relation.starts:
        relation.state = VOID
    else:
        relation.ends, relation.state = ends, state
        if relation.benefit_to is not None and relation.benefit_to > ends:
            relation.benefit_to = ends
    relation.save(update_fields=["ends", "state", "benefit_to"])
    return relation


class Start(NamedTuple):
    """When a new span and its benefit begin 待遇起始."""

    starts: date
    benefit_from: date
    benefit_to: date | None
    wait_until: date | None
    paid_through: int


def has_maternity(joining: Joining) -> bool:
    """Whether maternity comes with the relation 生育保险 (A25): employees of an employer. DOUBT: flexible workers have none of it."""
    return joining.insutype == EMPLOYEE and not joining.flexible


def resident_start(joining: Joining, before: list[Relation], book: Book, born: date) -> Start:
    """A resident's first days 居民待遇起始: 1 January when joined in the window, else the day of joining; then the wait.

    A newborn who joins in time is covered from birth. DOUBT: of the year of birth too, when that was the year before.
    """
    day = number_of(joining.day)
    if not before and (joining.day - born).days <= terms.newborn_days(book, day):
        return Start(born, born, date(joining.day.year + 1, 1, 1), None, joining.day.year * 100 + 12)
    window = terms.window(book, joining.day.year + 1)
    year = joining.year or (joining.day.year + 1 if window.opens <= day <= window.closes else joining.day.year)
    late = int(joining.day.year >= year)
    rule = terms.resident_waiting(book, max(day, year * 10_000 + 101) if not late else day)
    gaps = enrolment.gap_years(covered_through(before), year, rule)
    starts = joining.day if late else date(year, 1, 1)
    if late and before and end_of_benefit(before[-1]) == joining.day:
        late = 0        # another scheme's cover ran to this very day: no break, no wait (A29)
    wait = enrolment.resident_wait(gaps, joining.back_paid, late, int(joining.excepted), rule)
    until = date_of(enrolment.day_months_after(number_of(starts), wait)) if wait else None
    return Start(starts, starts, date(year + 1, 1, 1), until, year * 100 + 12)


def covered_through(before: list[Relation]) -> int:
    """The last calendar year in which a person had cover; 0 = never."""
    if not before:
        return 0
    ends = [end_of_benefit(relation) for relation in before]
    return 9999 if None in ends else max((day - timedelta(days=1)).year for day in ends if day is not None)


def employee_start(joining: Joining, before: list[Relation], book: Book) -> Start:
    """An employee's first days 职工待遇起始: at once when there was cover until now, else from the next month, then the wait.

    DOUBT: the benefit of who was not covered begins on the first of the month after joining.
    """
    day = number_of(joining.day)
    through = [end for end in map(end_of_benefit, before) if end is not None]
    last = number_of(max(through) - timedelta(days=1)) // 100 if through else 0
    gap = max(enrolment.months_between(last, day // 100) - 1, 0) if last else 0
    continuous = bool(through) and max(through) >= joining.day
    rule = terms.employee_waiting(book, day)
    wait = enrolment.employee_wait(int(not before), int(joining.flexible), gap, int(joining.back_paid >= gap), rule)
    begins = joining.day if continuous else date_of(enrolment.first_after_month(day)) or joining.day
    until = date_of(enrolment.day_months_after(number_of(begins), wait)) if wait else None
    return Start(joining.day, begins, None, until, enrolment.month_after(day // 100, -1))


@transaction.atomic
def join(joining: Joining, *, book: Book, at: datetime, officer: str) -> Relation:
    """Enrol somebody 新参保、续保: open a span with its benefit days and its wait. Raises Refused ENROL-01, -02, -04, -05, Gap."""
    person = locked_person(joining.psn_no)
    if joining.insutype not in BASIC or (joining.insutype == EMPLOYEE and status_of(joining.psn_type) is None):
        raise Refused("ENROL-05", f"险种 {joining.insutype} 与人员类别 {joining.psn_type} 不能参保。",
                      f"insutype {joining.insutype} with psn_type {joining.psn_type} cannot be joined.", place="insutype",
                      next_zh="职工填 310，居民填 390；生育保险随职工医保。", next_en="310 for employees, 390 for residents.")
    before = [relation for relation in relations_of(person.psn_no) if relation.insutype in BASIC and relation.starts <= joining.day]
    if joining.insutype == EMPLOYEE:
        start = employee_start(joining, before, book)
    else:
        start = resident_start(joining, before, book, person.brdy)
    relation = opened(
        psn_no=person.psn_no, insutype=joining.insutype, admdvs=joining.admdvs, emp_no=joining.emp_no, psn_type=joining.psn_type,
        state=NORMAL, civil_servant=joining.civil_servant, maternity=has_maternity(joining), added=joining.added,
        source=joining.source or officer[:60], **start._asdict(),
    )
    log("join", relation, at, officer)
    return relation


def log(what: str, relation: Relation, at: datetime, officer: str, **detail: Any) -> None:
    """Note an act on a relation."""
    acted(officer=officer, what=f"enrolment.{what}", object=f"person/{relation.psn_no}", at=at,
          detail={"relation": relation.pk, "insutype": relation.insutype, "starts": str(relation.starts), **detail})


@transaction.atomic
def renew(*, psn_no: str, year: int, day: date, book: Book, at: datetime, officer: str, back_paid: int = 0) -> Relation:
    """A resident pays for another year 居民续保: the benefit runs on without a break, or a new span opens with its wait.

    Raises Refused ENROL-03 (no relation), ENROL-06 (that year is paid), Gap.
    """
    locked_person(psn_no)
    relation = deciding(relations_of(psn_no), day, RESIDENT)
    if relation is None:
        raise Refused("ENROL-03", "没有居民医保关系，不能续保。", "There is no resident relation to renew.", place="psn_no",
                      next_zh="请按新参保办理。", next_en="Enrol the person first.")
    ends = end_of_benefit(relation)
    if ends is None or ends > date(year, 1, 1):
        raise Refused("ENROL-06", f"{year} 年度居民保费已缴。", f"The premium of {year} is paid.", place="year",
                      since=relation.benefit_from, next_zh="无需再缴。", next_en="Nothing is due.")
    if relation.ends is None and ends == date(year, 1, 1) and day < ends:
        relation.benefit_to, relation.paid_through = date(year + 1, 1, 1), year * 100 + 12
        relation.save(update_fields=["benefit_to", "paid_through"])
        log("renew", relation, at, officer, year=year)
        return relation
    if relation.ends is None:
        closed(relation, ends, ENDED)
    again = Joining(psn_no, RESIDENT, day, relation.psn_type, relation.admdvs, back_paid=back_paid, year=year, source="renewal")
    return join(again, book=book, at=at, officer=officer)


@transaction.atomic
def pause(*, psn_no: str, insutype: str, day: date, at: datetime, officer: str) -> Relation:
    """Leave a scheme 停保 at the end of the month that holds `day`: another can be joined from the next day. Raises Refused ENROL-03."""
    locked_person(psn_no)
    relation = closed(standing(psn_no, insutype, day), date_of(enrolment.first_after_month(number_of(day))) or day, PAUSED)
    log("pause", relation, at, officer, ends=str(relation.ends))
    return relation


@transaction.atomic
def end(*, psn_no: str, insutype: str, ends: date, at: datetime, officer: str, why: str) -> Relation:
    """End a relation 终止 on a day, `ends` the first without it. Raises Refused ENROL-03."""
    locked_person(psn_no)
    relation = closed(standing(psn_no, insutype, ends - timedelta(days=1)), ends, ENDED)
    log("end", relation, at, officer, why=why, ends=str(ends))
    return relation


@transaction.atomic
def change_scheme(joining: Joining, *, book: Book, at: datetime, officer: str) -> Relation:
    """Change scheme without an uncovered day 险种转换 (A29): the old span ends on the day the new one and its benefit begin.

    Arrears are left with the old relation, and a wait that still runs goes with the person. Raises Refused ENROL-02, -03, -07, Gap.
    """
    locked_person(joining.psn_no)
    other = RESIDENT if joining.insutype == EMPLOYEE else EMPLOYEE
    old = standing(joining.psn_no, other, joining.day - timedelta(days=1))
    if old.suspended_from is not None and old.suspended_to is None:
        raise Refused("ENROL-07", "原险种欠费，待遇已暂停，不能直接转换。", "The old relation is in arrears.", place="psn_no",
                      since=old.suspended_from, next_zh="请先补缴，或停保后按新参保办理。",
                      next_en="Pay the arrears first, or pause and enrol.")
    ended = end_of_benefit(old)
    running = old.wait_until if old.wait_until is not None and old.wait_until > joining.day else None
    closed(old, joining.day, ENDED)
    if ended is not None and ended < joining.day:
        return join(joining, book=book, at=at, officer=officer)     # the cover had lapsed before: a new beginning
    year_end = date(joining.day.year + 1, 1, 1) if joining.insutype == RESIDENT else None
    month = joining.day.year * 100 + joining.day.month
    relation = opened(
        psn_no=joining.psn_no, insutype=joining.insutype, admdvs=joining.admdvs, emp_no=joining.emp_no, psn_type=joining.psn_type,
        state=NORMAL, starts=joining.day, benefit_from=joining.day, benefit_to=year_end, wait_until=running,
        paid_through=enrolment.month_after(month, -1) if year_end is None else joining.day.year * 100 + 12,
        civil_servant=joining.civil_servant, maternity=has_maternity(joining), added=joining.added, source=f"from {other}",
    )
    log("change-scheme", relation, at, officer, before=other)
    return relation


@transaction.atomic
def retire(*, psn_no: str, day: date, psn_type: str, book: Book, at: datetime, officer: str, months_before: int = 0) -> Relation:
    """An employee becomes a retiree 职工退休 from `day`, once the required years are paid.

    months_before  months of contribution before this register's own, transfers included
    Raises Refused ENROL-03, ENROL-05 (not a retiree's psn_type), ENROL-08 with the months that are missing, Gap.
    """
    person = locked_person(psn_no)
    old = standing(psn_no, EMPLOYEE, day - timedelta(days=1))
    if status_of(psn_type) != codes.RETIRED:
        raise Refused("ENROL-05", f"人员类别 {psn_type} 不是退休。", f"psn_type {psn_type} is not a retiree's.", place="psn_type",
                      next_zh="请填退休人员类别。", next_en="Use a retiree's psn_type.")
    paid = months_before + months_paid(psn_no)
    years = terms.minimum_years(book, number_of(day), person.gend)
    missing = enrolment.years_missing(paid, years)
    if missing:
        raise Refused(
            "ENROL-08", f"职工医保缴费 {paid} 个月，未达到最低 {years} 年，还差 {missing} 个月。",
            f"{paid} months paid; {missing} are missing of {years} years.", place="psn_no", next_zh="可一次性补足或按月缴至规定年限。",
            next_en="Pay them in one sum, or go on monthly.", clause="社会保险法 第二十七条",
        )
    closed(old, day, ENDED)
    kept = ("insutype", "admdvs", "emp_no", "paid_through", "civil_servant", "maternity", "added", "wait_until")
    relation = opened(
        psn_no=psn_no, psn_type=psn_type, state=NORMAL, starts=day, benefit_from=day, source="retired",
        **{name: getattr(old, name) for name in kept},
    )
    log("retire", relation, at, officer, months=paid)
    return relation


def proposed(psn_no: str, situation: Situation, *, day: date, book: Book, months_before: int = 0) -> Proposal:
    """The scheme a person belongs to 分类参保 (A02), with its clause; whether a pensioner has the years is counted here. Raises Gap."""
    person = Person.objects.get(psn_no=psn_no)
    years = terms.minimum_years(book, number_of(day), person.gend)
    missing = enrolment.years_missing(months_before + months_paid(psn_no), years)
    return proposed_scheme(situation._replace(years_met=int(missing == 0)))


def months_paid(psn_no: str) -> int:
    """Months of employee contributions paid and not taken back 实际缴费月数, in this register."""
    corrected = Due.objects.filter(psn_no=psn_no).exclude(corrects="").values("corrects")
    paid = Due.objects.filter(psn_no=psn_no, insutype=EMPLOYEE, paid_on__isnull=False, corrects="").exclude(bill_no__in=corrected)
    return int(paid.values("month").distinct().count())


@transaction.atomic
def die(*, psn_no: str, day: date, at: datetime, officer: str) -> list[Relation]:
    """Register a death 死亡: every relation ends, cover lasts through the day itself; the account waits for the heirs.

    Raises Refused ENROL-01, ENROL-04 when it is registered already.
    """
    person = locked_person(psn_no)
    person.died_on = day
    person.save(update_fields=["died_on"])
    after = day + timedelta(days=1)
    rows = [row for row in relations_of(psn_no) if row.ends is None or row.ends > after]
    for row in rows:
        closed(row, after, ENDED)
    acted(officer=officer, what="enrolment.die", object=f"person/{psn_no}", at=at, detail={"day": str(day), "relations": len(rows)})
    return rows


@transaction.atomic
def transfer_out(*, psn_no: str, insutype: str, day: date, transfer: str, to_admdvs: str, at: datetime, officer: str) -> int:
    """Hand an insured person to another city 转出 from `day` on; the account's balance goes along: fen. Raises Refused ENROL-03."""
    locked_person(psn_no)
    relation = closed(standing(psn_no, insutype, day - timedelta(days=1)), day, ENDED)
    balance = accounts.balance_of(psn_no)
    if balance:
        accounts.move(psn_no=psn_no, kind=accounts.TRANSFER, fen=-balance, ref=f"out-{transfer}", at=at)
    log("transfer-out", relation, at, officer, transfer=transfer, to=to_admdvs, balance=balance)
    return balance


@transaction.atomic
def transfer_in(joining: Joining, *, transfer: str, left: date, balance: int, book: Book, at: datetime, officer: str) -> Relation:
    """Take somebody over from another city 转入: within the short break nobody waits; the account's balance comes along.

    left     first day without cover there
    balance  what the other city hands over, fen
    Raises Refused ENROL-01, -02, -04, Gap.
    """
    locked_person(joining.psn_no)
    day = number_of(joining.day)
    rule = terms.employee_waiting(book, day)
    gap = max(enrolment.months_between(number_of(left - timedelta(days=1)) // 100, day // 100) - 1, 0)
    wait = 0 if gap <= rule.break_without_wait else rule.after_break
    if SCHEMES[joining.insutype].code == codes.RESIDENT:
        wait = 0        # cover of the year was paid there; DOUBT: the city of the premium decides
    until = date_of(enrolment.day_months_after(day, wait)) if wait else None
    relation = opened(
        psn_no=joining.psn_no, insutype=joining.insutype, admdvs=joining.admdvs, emp_no=joining.emp_no, psn_type=joining.psn_type,
        state=NORMAL, starts=joining.day, benefit_from=joining.day, wait_until=until,
        paid_through=enrolment.month_after(day // 100, -1), civil_servant=joining.civil_servant,
        maternity=has_maternity(joining), added=joining.added, source=f"transfer {transfer}"[:60],
    )
    if balance:
        accounts.move(psn_no=joining.psn_no, kind=accounts.TRANSFER, fen=balance, ref=f"in-{transfer}", at=at)
    log("transfer-in", relation, at, officer, transfer=transfer, balance=balance)
    return relation
