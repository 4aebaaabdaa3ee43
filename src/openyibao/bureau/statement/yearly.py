"""A person's year 年度累计: what has added up, which limits are left, and every bill with its running sums.

Limits are those of the person's class on the day asked, as the law would look at them at the next bill.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from openyibao.bureau.enrolment.cover import Cover, cover_on
from openyibao.bureau.entitlement.queries import aid_class, identities_of
from openyibao.bureau.settlement.chain import Row
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.settlement.replaying import Beside
from openyibao.bureau.statement.queries import state_of
from openyibao.kernel import codes
from openyibao.kernel.plan import Plan
from openyibao.kernel.year import Year
from openyibao.policybook import national
from openyibao.policybook.book import Book, Source


class Class(NamedTuple):
    """What the register says a person is on a day 参保身份."""

    insutype: str
    scheme: int  # 0 = never insured
    status: int
    aid: int
    civil_servant: int
    added: int  # bits of the added layers
    covered: bool
    cover: Cover


class Limit(NamedTuple):
    """One limit of the year: what of it is used and what is left, fen."""

    code: str
    zh: str
    en: str
    used: int
    limit: int  # UNBOUNDED = none
    sources: tuple[Source, ...]

    @property
    def left(self) -> int:
        """What is left; UNBOUNDED where there is no limit."""
        return self.limit if self.limit >= codes.UNBOUNDED else max(self.limit - self.used, 0)

    @property
    def boundless(self) -> bool:
        """Whether there is no limit."""
        return self.limit >= codes.UNBOUNDED

    @property
    def share(self) -> int:
        """Percent used, 0-100, for a bar."""
        return 0 if self.boundless or not self.limit else min(100 * self.used // self.limit, 100)


class Billed(NamedTuple):
    """One bill of the year and the sums up to it, fen."""

    bill: Any
    fund: int  # running sums of the year
    person: int
    pool: int
    admissions: int
    open: bool  # whether the reader may open it: a hospital sees its own, and of others only the sums

    @property
    def state(self) -> str:
        """settled, reversed, mirror."""
        return state_of(self.bill)


def class_on(psn_no: str, day: date, insutype: str | None = None) -> Class:
    """What the register says of a person on a day, under one scheme or whichever stands."""
    cover = cover_on(psn_no, day, insutype)
    scheme = national.SCHEMES[cover.insutype].code if cover.insutype in national.SCHEMES else 0
    status = national.status_of(cover.psn_type) if cover.psn_type else None
    return Class(cover.insutype, scheme, status or codes.ACTIVE, aid_class(identities_of(psn_no, day)), int(cover.civil_servant),
                 cover.added, cover.covered, cover)


def limits(year: Year, who: Class, plan: Plan, sources: Mapping[str, tuple[Source, ...]]) -> tuple[Limit, ...]:
    """The limits of a person's year that concern the person's class, with what is used of each."""
    return tuple(
        Limit(code, zh, en, used, cap, tuple(dict.fromkeys(source for field in fields for source in sources.get(field, ()))))
        for code, zh, en, used, cap, fields in rows_of(year, who, plan)
    )


Told = tuple[str, str, str, int, int, tuple[str, ...]]
"""code, Chinese, English, used, limit, the plan's fields."""


def rows_of(year: Year, who: Class, plan: Plan) -> Iterator[Told]:
    """Each limit: what is used, what the limit is, which fields of the plan say so."""
    yield from basic_rows(year, who, plan)
    if who.scheme == codes.EMPLOYEE and plan.large.present:
        yield ("large", "职工大额（第一层）", "Large-amount layer", year.large_first, plan.large.cap_first, ("large.cap_first",))
    if who.scheme == codes.RESIDENT and plan.catastrophic.present:
        part = plan.catastrophic
        cap, fields = part.cap, ("catastrophic.cap",)
        if part.tilt_removes_cap and part.tilted[who.aid]:
            cap, fields = codes.UNBOUNDED, ("catastrophic.tilt_removes_cap",)
        yield ("catastrophic", "居民大病保险", "Resident catastrophic insurance", year.catastrophic_paid, cap, fields)
    if who.civil_servant and plan.civil.present:
        yield ("civil", "公务员医疗补助", "Civil-servant supplement", year.civil_paid, plan.civil.cap, ("civil.cap",))
    if who.aid and plan.aid.present:
        yield ("aid", "医疗救助", "Medical aid", year.aid_paid, plan.aid.cap[who.aid], (f"aid.cap[{who.aid}]",))
        yield ("tilt", "倾斜救助", "Tilted aid", year.tilt_paid, plan.aid.tilt_cap, ("aid.tilt_cap",))
    for number, layer in enumerate((plan.added_1, plan.added_2, plan.added_3)):
        if who.added >> number & 1 and layer.present:
            code, used = f"added_{number + 1}", getattr(year, f"added_paid_{number + 1}")
            yield (code, f"补充层 {number + 1}", f"Added layer {number + 1}", used, layer.cap, (f"{code}.cap",))


def basic_rows(year: Year, who: Class, plan: Plan) -> Iterator[Told]:
    """The limits of the basic layer."""
    retired = who.status == codes.RETIRED
    pool, outpatient, two = plan.pool, plan.outpatient, plan.two_disease
    if pool.present:
        used = year.pool_base if pool.cap_basis == codes.CAP_IN_SCOPE else year.pool_paid
        yield ("pool", "基本医保封顶线", "Basic cap", used, pool.cap, ("pool.cap",))
        yield ("inpatient_deductible", "住院起付线（年度上限）", "Inpatient deductible, yearly", year.inpatient_deductible,
               pool.deductible_year_max, ("pool.deductible_year_max",))  # fmt: skip
    if outpatient.present:
        cap, field = (outpatient.cap_retired, "cap_retired") if retired else (outpatient.cap_active, "cap_active")
        yield ("outpatient", "普通门诊统筹限额", "Ordinary outpatient limit", year.outpatient_paid, cap, (f"outpatient.{field}",))
        if not outpatient.per_visit:
            yield ("outpatient_deductible", "普通门诊起付线（年度）", "Outpatient deductible, yearly", year.outpatient_deductible,
                   outpatient.deductible_year_max, ("outpatient.deductible_year_max",))  # fmt: skip
    if two.present and year.two_disease_paid:
        yield ("hypertension", "高血压用药", "Hypertension drugs", year.hypertension_paid, two.cap_hypertension,
               ("two_disease.cap_hypertension",))  # fmt: skip
        yield ("diabetes", "糖尿病用药", "Diabetes drugs", year.diabetes_paid, two.cap_diabetes, ("two_disease.cap_diabetes",))
    if plan.maternity.present and year.prenatal_paid:
        yield ("prenatal", "产前检查（本次妊娠）", "Prenatal check-ups, this pregnancy", year.prenatal_paid, plan.maternity.prenatal,
               ("maternity.prenatal",))  # fmt: skip


def limits_on(year: Year, who: Class, book: Book, day: int) -> tuple[Limit, ...]:
    """The limits under the book's policies of a day (yyyymmdd); none where the scheme has no version on it."""
    plan = book.plan(who.scheme, day)
    return () if plan is None else limits(year, who, plan, book.sources(who.scheme, day))


def after_each(rows: Sequence[tuple[Row, Beside]], year: int, bills: Mapping[int, Any], institution: str = "") -> list[Billed]:
    """The bills of one year in order, each with the sums up to it; `bills` by setl_id, `institution` of a reader who is bound to one."""
    found: list[Billed] = []
    sums: dict[str, tuple[int, int]] = {}
    for row, beside in rows:
        after = unpack(Year, row.after, row.shape)
        if after.year != year or beside.setl_id is None or beside.setl_id not in bills:
            continue
        bill = bills[beside.setl_id]
        fund, person = sums.get(row.insutype, (0, 0))
        sums[row.insutype] = fund + bill.fund, person + bill.person
        may_open = not institution or bill.fixmedins_code == institution
        found.append(Billed(bill, *sums[row.insutype], after.pool_paid, after.admissions, may_open))
    return found
