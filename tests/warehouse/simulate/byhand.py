"""A store's year settled bill by bill in plain Python, one person after the other: what every figure of a simulation is checked against."""

from typing import Any, NamedTuple

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import rates, retiree_terms
from openyibao.warehouse.tables.store import Store

OPENS = ("account", "family", "stay_level", "stay_due", "stay_borne", "stay_left", "stay_admission", "prenatal_paid")


class Holder(NamedTuple):
    """A person-year under one policy."""

    bucket: int
    row: int
    facts: dict[str, int]
    county: int
    credits: list[int]
    bills: list[tuple[int, Claim, Receipt]]  # number, claim, receipt
    closing: int  # the account at the end of the year

    @property
    def borne(self) -> int:
        """What the person bears on the year's bills."""
        return sum(receipt.person for _, _, receipt in self.bills)


def credits_of(facts: dict[str, int], book: Book, year: int) -> list[int]:
    """A holder's account credits by month, from the policy's own words."""
    found = [0] * 12
    if facts["scheme"] != codes.EMPLOYEE:
        return found
    for month in range(max(facts["first_month"], 1), facts["last_month"] + 1):
        day = year * 10_000 + month * 100 + 1
        if facts["status"] == codes.RETIRED:
            terms = retiree_terms(book, day)
            found[month - 1] = terms.amount if terms.amount >= 0 else facts["pension"] * terms.share // 10_000
        elif facts["base"]:
            rate = rates(book, day, age=facts["age"])
            found[month - 1] = share(min(max(facts["base"], rate.floor), rate.cap), rate.to_account, codes.HALF_UP)
    return found


def settled(store: Store, year: int, books: dict[int, Book], sums: Any = None) -> list[Holder]:
    """Every person-year of a store. `books` by county (0 = all counties); `sums(bucket, row)` gives a bill's sums where they are new."""
    town = store.arrays("town")
    counties = dict(zip(town["town"].tolist(), town["county"].tolist(), strict=True))
    found = []
    for bucket in store.buckets("bill", year):
        holder = {name: values.tolist() for name, values in store.arrays("holder", year, bucket).items()}
        bill = {name: values.tolist() for name, values in store.arrays("bill", year, bucket).items()}
        mine: dict[int, list[int]] = {}
        for row, owner in enumerate(bill["holder"]):
            mine.setdefault(owner, []).append(row)
        for row in range(len(holder["person"])):
            facts = {name: values[row] for name, values in holder.items()}
            county = counties[facts["town"]]
            book = books.get(county) or books[0]
            credits, credited = credits_of(facts, book, year), 0
            state = Year(year=year, **{name: facts[name] for name in OPENS})
            bills = []
            for place in mine.get(row, []):
                claim = Claim(**{name: bill[name][place] for name in Claim._fields})
                if sums is not None:
                    claim = claim._replace(**sums(bucket, place, claim))
                month = claim.day // 100 % 100
                state = state._replace(account=state.account + sum(credits[credited:month]))
                credited = max(credited, month)
                receipt, state = settle(claim, state, book.plan_for(claim) or no_plan())
                bills.append((bill["bill"][place], claim, receipt))
            found.append(Holder(bucket, row, facts, county, credits, bills, state.account + sum(credits[credited:])))
    return found
