"""A small city's journal for tests: drawn bills of real policies, settled and taken back through the settlement desk's own statement."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache

import drawn
from openyibao.bureau.settlement.packing import SHAPE, pack
from openyibao.bureau.settlement.store import writing
from openyibao.bureau.settlement.store.pool import Store
from openyibao.kernel.claim import Claim
from openyibao.kernel.dates import year_of
from openyibao.kernel.ledger import settlement_entry
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import Settled, mirror, reverse
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year, opened
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.national import fund_rows

INSTITUTION = "H43310100001"
AREA = "433100"
BEGINS = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SCHEMES = {"310": 1, "390": 2}


@cache
def jishou() -> Book:
    return load_book(policies_root(), "jishou")


def by_digest(digest: str) -> Book | None:
    """The packages that the tests' journals settle under."""
    return jishou() if digest == jishou().digest else None


class Person:
    """A person as the writer remembers them: accounts, years, and what stands."""

    def __init__(self, psn_no: str, insutype: str, account: int) -> None:
        self.psn_no, self.insutype, self.account = psn_no, insutype, account
        self.years: dict[int, tuple[int, Year]] = {}
        self.standing: dict[int, list[tuple[int, int, Settled]]] = {}   # year -> (setl_id, mdtrt_id, settlement)

    def before(self, year: int) -> tuple[int, Year]:
        """Version and figures of a year before the next bill."""
        if year in self.years:
            version, figures = self.years[year]
        else:
            version, figures = 0, opened(self.years[max(self.years)][1], year) if self.years else Year(year=year)
        return version, figures._replace(account=self.account, family=0)


class Writer:
    """Writes settlements and mirrors of drawn bills."""

    def __init__(self, store: Store, seed: int = 1) -> None:
        self.store, self.rng, self.at, self.serial = store, random.Random(seed), BEGINS, 0

    async def person(self, psn_no: str, insutype: str = "310", account: int = 0) -> Person:
        """Somebody new with money in the personal account."""
        await self.store.pool.execute("INSERT INTO enrolment_account (psn_no, balance) VALUES ($1, $2)", psn_no, account)
        if account:
            await self.store.pool.execute(
                "INSERT INTO enrolment_accountmove (psn_no, at, kind, fen, ref, for_psn_no) VALUES ($1, $2, 'opening', $3, 'start', '')",
                psn_no, BEGINS, account,
            )
        return Person(psn_no, insutype, account)

    async def settles(self, person: Person, claim: Claim | None = None, **fixed: int) -> int:
        """Settle a bill; its setl_id."""
        good = {"cover_from": 20000101, "cover_to": 99991231, "wait_until": 0, "suspended": 0, "agreement": 1, "died": 0, "outside_fund": 0}
        bill = claim or drawn.claim(self.rng, SCHEMES[person.insutype], **{"day": 20240601, **good, **fixed})
        version, before = person.before(year_of(bill.day))
        plan = jishou().plan_for(bill)
        receipt, after = settle(bill, before, plan)
        setl_id, mdtrt_id = await self.store.numbers(2)
        await self._write(person, bill, receipt, before, after, version, setl_id, mdtrt_id, None, plan)
        person.standing.setdefault(after.year, []).append((setl_id, mdtrt_id, Settled(bill, before, receipt, after)))
        return setl_id

    async def takes_back(self, person: Person, setl_id: int) -> int:
        """Take a settlement back; the setl_id of the mirror."""
        year = next(year for year, standing in person.standing.items() if any(one == setl_id for one, _, _ in standing))
        standing = person.standing[year]
        index = [one for one, _, _ in standing].index(setl_id)
        original = standing[index][2]
        version, before = person.before(year)
        done = reverse([one for _, _, one in standing], index, jishou().plan_for, strict=False)
        receipt = mirror(original.receipt, person.account)
        after = done.year._replace(account=person.account + original.receipt.account)
        (number,) = await self.store.numbers(1)
        plan = jishou().plan_for(original.claim)
        await self._write(person, original.claim, receipt, before, after, version, number, standing[index][1], setl_id, plan)
        kept = [(one, visit) for one, visit, _ in standing if one != setl_id]
        person.standing[year] = [(*names, one) for names, one in zip(kept, done.journal, strict=True)]
        return number

    async def _write(
        self, person: Person, claim: Claim, receipt: Receipt, before: Year, after: Year, version: int, setl_id: int, mdtrt_id: int,
        mirror_of: int | None, plan: object,
    ) -> None:  # fmt: skip
        self.serial += 1
        self.at += timedelta(seconds=7)
        at, one = self.at, receipt
        day = date(claim.day // 10_000, claim.day // 100 % 100, claim.day % 100)
        visit = writing.VisitRow(
            mdtrt_id, 1 if mirror_of else -1, 0, INSTITUTION, AREA, AREA, "O", "11", f"N{mdtrt_id}", at, at, "", "", "{}"
        )
        settlement = writing.SettlementRow(
            setl_id, AREA, "11", "1", day, at, mirror_of, None, one.total, one.full, one.over, one.pre, one.within, one.deductible,
            one.pool, one.fund, one.hospital, one.person, one.account + one.family, one.family, one.cash, one.balance,
            jishou().digest, "{}",
        )  # fmt: skip
        entry = settlement_entry(one, claim.day, str(setl_id), INSTITUTION)
        moves = [writing.Money(person.psn_no, -one.account)] if one.account else []
        answer = json.dumps({} if mirror_of else {"setlinfo": {"setl_id": str(setl_id)}}).encode()
        await writing.write(self.store, writing.Rows(
            writing.YearRow(person.psn_no, person.insutype, after.year, version, pack(after)), visit, settlement,
            [writing.LayerRow(row.fund, row.name, row.amount) for row in fund_rows(one, plan)],
            writing.JournalRow("M" if mirror_of else "S", SHAPE, pack(claim), pack(before), pack(one), pack(after)),
            entry.text, [writing.PostingRow(*part) for part in entry.postings], moves,
            writing.MessageRow(INSTITUTION, f"{INSTITUTION}{self.serial:018d}", "2208" if mirror_of else "2207", b"\0" * 32, answer),
        ))  # fmt: skip
        person.years[after.year] = (version + 1, after)
        person.account -= one.account
