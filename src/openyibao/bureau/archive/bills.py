"""A person's bills settled again and written as the server would have written them 结算入库.

The store holds what a whole-city run keeps of a bill. Here the window's own law, in plain Python, settles each one in its order; what it
answers is compared with the recorded result to the fen, and only then written: settlement, layers, journal, entry, postings, accounts.
A bill that no fund and no account pays is no settlement at a window (the person paid it all and left), and is left out.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from openyibao.bureau.archive.binary import JournalRow
from openyibao.bureau.archive.city import SCHEMES, City, Place
from openyibao.bureau.archive.copying import NULL, Sheets, date_text, figures, instant
from openyibao.bureau.archive.persons import SOURCE, due_number
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.ledger import Entry, settlement_entry
from openyibao.kernel.plan import no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year, opened
from openyibao.policybook.national import CLEARED_AS, fund_rows, pooling_area
from openyibao.warehouse.records import RESULTS

MED_TYPES = {
    codes.OUTPATIENT: "11", codes.CHRONIC: "14", codes.TWO_DISEASE: "9901", codes.DUAL_CHANNEL: "15", codes.INPATIENT: "21",
    codes.DAY_SURGERY: "28", codes.RESCUE: "1301", codes.DELIVERY: "2106", codes.CAESAREAN: "2107", codes.PRENATAL: "51",
    codes.MISCARRIAGE_EARLY: "51", codes.MISCARRIAGE_LATE: "51", codes.DIALYSIS: "14", codes.PHARMACY: "41",
}  # fmt: skip
"""med_type of a kind of bill."""
VISIT_DETAIL = {codes.PRENATAL: '{"matn_type": "7"}', codes.MISCARRIAGE_EARLY: '{"birctrl_type": "3"}',
                codes.MISCARRIAGE_LATE: '{"birctrl_type": "4"}'}  # fmt: skip
"""What else says the kind of a maternity visit."""

STAYS = (codes.INPATIENT, codes.DAY_SURGERY, codes.DELIVERY, codes.CAESAREAN)
INFNO = "load"
"""infno of what came by loading: such a settlement was never asked for by a message."""

OPENS = 10 * 3600
"""Second of the day of a person's first settlement; each further one is a second later."""
CARRIED = ("stay_level", "stay_due", "stay_borne", "stay_left", "stay_admission", "prenatal_paid")

recorded_of = attrgetter(*RESULTS)


class Differs(Exception):
    """A bill that settles otherwise than the store has recorded it."""

    def __init__(self, file: str, bill: int, name: str, found: int, recorded: int) -> None:
        """Keep the parts as a sentence in both languages."""
        self.zh = f"{file}：单据 {bill} 的 {name} 重算为 {found}，库中为 {recorded}；年度库不是按现行政策包结算的。"
        self.en = f"{file}: bill {bill} settles with {name} {found}, recorded is {recorded}: the store was settled under another policy."
        super().__init__(self.en)


class Bill(NamedTuple):
    """What a bill says beside its claim."""

    bill: int
    institution: int
    practitioner: int
    department: int
    diagnosis: int
    other_diagnosis: int
    operation: int
    direct: int


class Holder(NamedTuple):
    """A row of `holder`: who, and the opening figures."""

    person: int
    scheme: int
    status: int
    employer: int
    civil_servant: int
    account: int
    family: int
    stay_level: int
    stay_due: int
    stay_borne: int
    stay_left: int
    stay_admission: int
    prenatal_paid: int


class Standing:
    """One person and scheme over the years: the figures so far, the account, how many settlements."""

    def __init__(self, psn_no: str, insutype: str) -> None:
        """Nothing yet."""
        self.psn_no, self.insutype = psn_no, insutype
        self.years: dict[int, tuple[Year, int]] = {}  # year -> figures and version
        self.account = 0
        self.family = 0


class Year1(NamedTuple):
    """A holder's year while its bills settle."""

    holder: Holder
    standing: Standing
    credits: list[int]
    owner: str  # whose account the family's money comes from


class Writer:
    """Settles and writes the bills of a chunk of persons."""

    def __init__(self, sheets: Sheets, city: City, digest: str, numbers: Iterator[int]) -> None:
        """Over sheets to fill, with document numbers to give out."""
        self.sheets, self.city, self.digest, self.numbers = sheets, city, digest, numbers
        self.area = pooling_area(city.admdvs)
        self.settled = self.refused = 0
        self.moment = 0

    def open(self, holder: Holder, standing: Standing, year: int) -> None:
        """Open a holder's year: the account as the store has it, opening figures where an earlier year is not there."""
        difference = holder.account - standing.account
        if difference:
            kind = "adjust" if standing.years or standing.account else "opening"
            self.move(standing, year * 10_000 + 101, kind, difference, f"opening-{year}")
        standing.account, standing.family = holder.account, holder.family
        if not standing.years and any(getattr(holder, name) for name in CARRIED):
            figures_then = self.before(holder, standing, year)
            self.sheets.add("settlement_opening", standing.psn_no, standing.insutype, year, figures(figures_then), SOURCE)
            standing.years[year] = (figures_then, 0)

    def before(self, holder: Holder, standing: Standing, year: int) -> Year:
        """The figures before the next bill."""
        if year in standing.years:
            found = standing.years[year][0]
        elif standing.years:
            found = opened(standing.years[max(standing.years)][0], year)
        else:
            found = Year(year=year, **{name: getattr(holder, name) for name in CARRIED})
        return found._replace(account=standing.account, family=standing.family)

    def credit(self, one: Year1, year: int, month: int) -> None:
        """Credit the account on a month's first day 划入."""
        fen, holder = one.credits[month - 1], one.holder
        if fen == 0:
            return
        number = year * 100 + month
        ref = f"retired-{number}" if holder.status == codes.RETIRED else due_number(one.standing.psn_no, number, holder.employer)
        self.move(one.standing, number * 100 + 1, "credit", fen, ref)
        one.standing.account += fen

    def move(self, standing: Standing, day: int, kind: str, fen: int, ref: str) -> None:
        """A move of the person's own account."""
        self.sheets.add("enrolment_accountmove", standing.psn_no, instant(day, 0), kind, fen, ref, "")

    def settle(self, one: Year1, bill: Bill, claim: Claim, recorded: tuple[int, ...], file: str) -> None:
        """Settle one bill and write it. Raises Differs."""
        standing, year = one.standing, claim.day // 10_000
        before = self.before(one.holder, standing, year)
        plan = self.city.book.plan_for(claim) or no_plan()
        receipt, after = settle(claim, before, plan)
        found = recorded_of(receipt)
        if found != recorded:
            name, ours, theirs = next(part for part in zip(RESULTS, found, recorded, strict=True) if part[1] != part[2])
            raise Differs(file, bill.bill, name, ours, theirs)
        if receipt.outcome != codes.SETTLED and receipt.account + receipt.family == 0:
            self.refused += 1
            return
        setl_id, mdtrt_id = next(self.numbers), next(self.numbers)
        seconds = OPENS + self.moment
        place, at = self.city.places[bill.institution], instant(claim.day, seconds)
        self.moment += 1
        self.visit(one, bill, claim, place, mdtrt_id, at)
        self.settlement(one, bill, claim, receipt, place, (setl_id, mdtrt_id), at)
        layers = self.sheets.lines["settlement_layer"]
        for row in fund_rows(receipt, plan):
            layers.append(f"{setl_id}\t{row.fund}\t{row.name}\t{row.amount}")
        entry = settlement_entry(receipt, claim.day, str(setl_id), place.code)
        self.sheets.journal.append(JournalRow(
            self.area, standing.psn_no, standing.insutype, setl_id, claim.day, seconds, self.digest, claim, before, receipt, after,
            [f"{part.fund}|{part.account}|{part.fen}" for part in entry.postings],
        ))  # fmt: skip
        if entry.postings:
            self.books(entry, setl_id, at)
        self.accounts(one, receipt, setl_id, at)
        version = standing.years[year][1] if year in standing.years else 0
        standing.years[year] = (after, version + 1)
        standing.account, standing.family = after.account, after.family
        self.settled += 1

    def visit(self, one: Year1, bill: Bill, claim: Claim, place: Place, mdtrt_id: int, at: str) -> None:
        """The visit and its diagnosis."""
        city, psn_no, stay = self.city, one.standing.psn_no, claim.kind in STAYS
        disease = city.book.diseases[claim.disease] if claim.disease >= 0 else ""
        begins = instant(claim.admitted or claim.day, OPENS - 3600) if stay else at
        doctor = city.practitioners[bill.practitioner] if bill.practitioner >= 0 else ""
        detail = VISIT_DETAIL.get(claim.kind, "{}")
        if bill.operation >= 0:
            detail = f'{{"oprn_oprt_code": "{city.operations[bill.operation]}"}}'
        sort = "I" if stay else "P" if claim.kind == codes.PHARMACY else "O"
        self.sheets.lines["settlement_encounter"].append(
            f"{mdtrt_id}\t{psn_no}\t{one.standing.insutype}\t{place.code}\t{place.admdvs}\t{city.admdvs}\t{sort}\t{MED_TYPES[claim.kind]}\t"
            f"{bill.bill}\t{begins}\t{at}\t{disease}\t{doctor}\t{bill.department}\t{int(stay)}\t1\t01\t{at}\t{detail}"
        )
        for number, row in enumerate((bill.diagnosis, bill.other_diagnosis), 1):
            if row >= 0:
                code, name = city.diagnoses[row]
                self.sheets.lines["settlement_diagnosis"].append(
                    f"{mdtrt_id}\t{psn_no}\t{number}\t{'t' if number == 1 else 'f'}\t{code}\t{name}\t\t{{}}"
                )

    def settlement(
        self, one: Year1, bill: Bill, claim: Claim, receipt: Receipt, place: Place, numbers: tuple[int, int], at: str
    ) -> None:
        """The settlement, that it stands, and what stands for its message."""
        standing, (setl_id, mdtrt_id), r, lines = one.standing, numbers, receipt, self.sheets.lines
        batch = "0" if claim.kind in STAYS else "1"
        detail = f'{{"cvlserv_flag": "{claim.civil_servant}", "acct_used_flag": "{claim.account_use}", "direct": {bill.direct}}}'
        msgid = f"{self.city.card['city']}-{bill.bill}"
        lines["settlement_settlement"].append(
            f"{setl_id}\t{mdtrt_id}\t{standing.psn_no}\t{place.code}\t{self.area}\t{place.admdvs}\t{standing.insutype}\t"
            f"{MED_TYPES[claim.kind]}\t{CLEARED_AS.get(receipt.kind or claim.kind, '99')}\t{batch}\t{date_text(claim.day)}\t{at}\t"
            f"{msgid}\t{NULL}\t{NULL}\t{r.total}\t{r.full}\t{r.over}\t{r.pre}\t{r.within}\t{r.deductible}\t{r.pool}\t{r.fund}\t"
            f"{r.hospital}\t{r.person}\t{r.account + r.family}\t{r.family}\t{r.cash}\t{r.balance}\t{self.digest}\t{detail}"
        )
        lines["settlement_standing"].append(f"{mdtrt_id}\t{batch}\t{setl_id}")
        lines["settlement_message"].append(
            f"{place.code}\t{msgid}\t{INFNO}\t\\\\x\t{at}\t{standing.psn_no}\t{setl_id}\t\\\\x6e756c6c"
        )

    def books(self, entry: Entry, setl_id: int, at: str) -> None:
        """The fund's entry."""
        postings = self.sheets.lines["fund_posting"]
        self.sheets.lines["fund_entry"].append(f"{setl_id}\t{self.area}\t{date_text(entry.day)}\t{entry.text}\t{setl_id}\t{at}")
        for part in entry.postings:
            postings.append(f"{setl_id}\t{part.fund}\t{part.account}\t{part.fen}")

    def accounts(self, one: Year1, receipt: Receipt, setl_id: int, at: str) -> None:
        """What the accounts pay. The family's money is moved onto a relative's account as it is used: the store does not say whose."""
        psn_no = one.standing.psn_no
        if receipt.account:
            self.sheets.add("enrolment_accountmove", psn_no, at, "pay", -receipt.account, setl_id, "")
        if receipt.family:
            self.sheets.add("enrolment_accountmove", one.owner, at, "transfer", receipt.family, f"family-{setl_id}", psn_no)
            self.sheets.add("enrolment_accountmove", one.owner, at, "pay", -receipt.family, setl_id, psn_no)

    def close(self, standing: Standing) -> None:
        """The years of a person and scheme as they stand."""
        for year, (figures_then, version) in standing.years.items():
            self.sheets.add("settlement_year", standing.psn_no, standing.insutype, year, version, figures(figures_then))


def claims_of(columns: dict[str, Any], start: int, stop: int) -> list[Claim]:
    """Some rows of `bill` as claims."""
    return [Claim(*row) for row in zip(*(columns[name][start:stop].tolist() for name in Claim._fields), strict=True)]


def results_of(columns: dict[str, Any], start: int, stop: int) -> Sequence[tuple[int, ...]]:
    """Some rows of `result` in the order of RESULTS."""
    return list(zip(*(columns[name][start:stop].tolist() for name in RESULTS), strict=True))


def standing_of(standings: dict[tuple[int, int], Standing], person: int, scheme: int, psn_no: str) -> Standing:
    """The standing of a person in a scheme, made when first asked for."""
    key = (person, scheme)
    if key not in standings:
        standings[key] = Standing(psn_no, SCHEMES[scheme])
    return standings[key]
