"""What an emergency rule set has cost so far 应急规则支出: the kernel settles the bills it concerned without it, to the fen.

From a person's first bill under the set on, every bill of that person is settled again without it, the year's sums running on; the cost
is what the funds paid less what they would have paid. Reversed bills and mirrors are left out: their money came back.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from openyibao.bureau.policydesk.laid import Laid, book_with
from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.settlement.packing import unpack
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year, opened
from openyibao.policybook.book import Book
from openyibao.policybook.national import pooling_area

MOST = 20_000
"""Bills of a set beyond which the page does not count while the reader waits."""
EPIDEMIC, OFFSITE = Claim._fields.index("epidemic") + 1, Claim._fields.index("offsite") + 1

CONCERNED = f"""
SELECT DISTINCT j.psn_no, j.insutype FROM settlement_journal j JOIN settlement_settlement s ON s.setl_id = j.setl_id
WHERE j.poolarea = %s AND j.what IN ('S', 'R') AND s.day >= %s AND s.day < %s AND (j.claim[{EPIDEMIC}] = 1 OR j.claim[{OFFSITE}] <> 0)
LIMIT {MOST + 1}
"""
ROWS = """
SELECT j.psn_no, j.insutype, j.shape, j.digest, j.claim, j.before, j.receipt
FROM settlement_journal j JOIN settlement_settlement s ON s.setl_id = j.setl_id
WHERE j.psn_no = ANY(%s) AND j.what IN ('S', 'R') AND s.day >= %s
  AND NOT EXISTS (SELECT 1 FROM settlement_settlement m WHERE m.mirror_of = j.setl_id)
ORDER BY j.psn_no, j.insutype, j.id
"""


class Cost(NamedTuple):
    """What a set has cost."""

    bills: int  # bills that it changed
    persons: int
    funds: int  # fen: paid by the funds with it, less without it
    person: int  # fen: borne by the insured with it, less without it; negative = relief
    complete: bool  # False: too many bills to count here


NOTHING = Cost(0, 0, 0, 0, True)


def cost(shelf: Shelf, book: Book, name: str, since: int, until: int) -> Cost:
    """The cost of a rule set over the days [since, until), yyyymmdd, of a city's own insured."""
    with connection.cursor() as cursor:
        cursor.execute(CONCERNED, [pooling_area(str(book.admdvs)), iso(since), iso(until)])
        persons = cursor.fetchall()
        if len(persons) > MOST:
            return NOTHING._replace(complete=False)
        if not persons:
            return NOTHING
        cursor.execute(ROWS, [[psn_no for psn_no, _ in persons], iso(since)])
        rows = cursor.fetchall()
    wanted, without = set(persons), Without(shelf, name)
    changed, funds, person, whose = 0, 0, 0, set()
    for key, mine in groupby(rows, key=lambda row: (row[0], row[1])):
        if key not in wanted:
            continue
        for with_it, without_it in played(list(mine), without):
            if with_it != without_it:
                changed += 1
                whose.add(key[0])
                funds += with_it.fund - without_it.fund
                person += with_it.person - without_it.person
    return Cost(changed, len(whose), funds, person, True)


def played(rows: Sequence[Any], without: "Without") -> Iterator[tuple[Receipt, Receipt]]:
    """Each bill of one person and scheme as it was settled and as it would have been."""
    year: Year | None = None
    for _, _, shape, digest, claim_row, before_row, receipt_row in rows:
        claim, before = unpack(Claim, claim_row, shape), unpack(Year, before_row, shape)
        if year is None:
            year = before
        elif year.year != before.year:
            year = opened(year, before.year)
        running = year._replace(account=before.account, family=before.family)
        plan = without.book(digest).plan_for(claim) or no_plan()
        receipt, year = settle(claim, running, plan)
        yield unpack(Receipt, receipt_row, shape), receipt


class Without:
    """The books of packages with one rule set left out."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        """Nothing read yet."""
        self.shelf, self.name = shelf, name
        self.known: dict[str, Book] = {}

    def book(self, digest: str) -> Book:
        """A package's book without the set; the package itself where it does not hold it. Raises Package.DoesNotExist."""
        if digest not in self.known:
            row = Package.objects.get(pk=digest)
            sets = tuple((one, since, until) for one, since, until in row.rule_sets if one != self.name)
            held = len(sets) != len(row.rule_sets)
            laid = Laid(tuple((name, text) for name, text in row.overlays), sets)
            self.known[digest] = book_with(self.shelf.root, row.city, laid) if held else self.shelf.of_digest(digest)
        return self.known[digest]


def iso(day: int) -> str:
    """20250401 as the database reads it."""
    return f"{day // 10_000}-{day // 100 % 100:02d}-{day % 100:02d}"


def total(costs: Iterable[Cost]) -> Cost:
    """Several spans together."""
    found = NOTHING
    for one in costs:
        found = Cost(found.bills + one.bills, found.persons + one.persons, found.funds + one.funds, found.person + one.person,
                     found.complete and one.complete)
    return found
