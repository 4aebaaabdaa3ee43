"""A bill settled again for the page 逐单重算: the journal's claim under the package of its day, against every figure that is stored.

The same replaying as `openyibao verify`, for one bill: its receipt, columns, fund parts and ledger entry. Whether the year before it is
the year after the bill before, only the person's whole year can tell (`year_proved`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.settlement.chain import Row
from openyibao.bureau.settlement.differences import Difference
from openyibao.bureau.settlement.packing import UnknownShape, pack, unpack
from openyibao.bureau.settlement.replaying import Beside, Playing
from openyibao.bureau.statement.layering import Fall, Layers, layered, waterfall
from openyibao.bureau.statement.queries import Whole
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import Settled
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.warehouse.bills.settled import NO_PLAN


class Proved(NamedTuple):
    """A bill explained by the law that settled it, and whether the law says the same today."""

    claim: Claim
    before: Year
    plan: Plan
    receipt: Receipt  # as the journal has it; of a mirror with the opposite sign
    after: Year
    book: Book
    layers: Layers  # of a mirror, like the bars: those of the settlement that it takes back
    falls: tuple[Fall, ...]
    differences: tuple[Difference, ...]


class Unproved(NamedTuple):
    """A bill that cannot be explained, and why: what `verify` would say of it."""

    differences: tuple[Difference, ...]


def book_by(shelf: Shelf, digest: str) -> Book | None:
    """The policies of a package; None when nobody has it any more."""
    try:
        return shelf.of_digest(digest)
    except Package.DoesNotExist:
        return None


def proved(whole: Whole, shelf: Shelf) -> Proved | Unproved:
    """Settle the bill again, explain it, and say every figure that differs."""
    row = whole.journal
    if row is None:
        return Unproved((Difference("settlement.journal", str(whole.bill.setl_id)),))
    book = book_by(shelf, row.digest)
    if book is None:
        return Unproved((Difference("replay.policy", str(row.setl_id), row.digest),))
    decided = whole.original or row
    try:
        claim, settled = unpack(Claim, decided.claim, decided.shape), unpack(Receipt, decided.receipt, decided.shape)
        before, after = unpack(Year, decided.before, decided.shape), unpack(Year, row.after, row.shape)
        receipt = unpack(Receipt, row.receipt, row.shape)
    except (UnknownShape, TypeError, ValueError) as unknown:
        return Unproved((Difference("replay.shape", str(row.setl_id), str(unknown)),))
    plan = book.plan_for(claim) or NO_PLAN
    found = [*replayed(row, whole.original, whole.beside, shelf), *lines_differ(whole)]
    return Proved(claim, before, plan, receipt, after, book, layered(claim, before, plan, settled, book), waterfall(settled, plan),
                  tuple(found))


def replayed(row: Row, original: Row | None, beside: Beside, shelf: Shelf) -> list[Difference]:
    """What differs when the row is settled again; of a mirror, when its settlement is taken back again."""
    first = original or row
    before = unpack(Year, first.before, first.shape)
    playing = Playing(row.psn_no, row.insutype, {before.year: pack(before)}, lambda digest: book_by(shelf, digest))
    if original is None:
        return list(playing.row(row, beside))
    claim, receipt = unpack(Claim, original.claim, original.shape), unpack(Receipt, original.receipt, original.shape)
    list(playing.settled("", original, Settled(claim, before, receipt, unpack(Year, original.after, original.shape))))
    # The year after a mirror holds the person's other bills too, which stand beside this one: the page of the year compares it.
    return [one for one in playing.row(row, beside) if one.kind != "replay.mirror-year"]


def lines_differ(whole: Whole) -> list[Difference]:
    """What differs between the charge lines and a bill that stands. Beds above the daily ceiling leave the scope for the bill at once.

    Of a bill that was taken back lines may have been withdrawn and sent again since.
    """
    bill, sums = whole.bill, whole.line_sums
    if not whole.line_count or bill.mirror_of is not None or whole.mirror is not None:
        return []
    pairs = {"total": (bill.total, sums["fee"]), "full": (bill.full, sums["full"]), "pre": (bill.pre, sums["pre"]),
             "over + within": (bill.over + bill.within, sums["over"] + sums["within"])}  # fmt: skip
    return [
        Difference("settlement.figure", name, str(stored), str(lines), stored - lines)
        for name, (stored, lines) in pairs.items() if stored != lines
    ]


def year_proved(rows: Sequence[tuple[Row, Beside]], openings: Mapping[tuple[str, int], Sequence[int]], shelf: Shelf) -> list[Difference]:
    """A person's whole journal played from its beginning, scheme by scheme: every bill, every year between two bills.

    openings  opening figures by scheme and year
    """
    playings: dict[str, Playing] = {}
    found: list[Difference] = []
    for row, beside in rows:
        if row.insutype not in playings:
            opened = {year: figures for (insutype, year), figures in openings.items() if insutype == row.insutype}
            playings[row.insutype] = Playing(row.psn_no, row.insutype, opened, lambda digest: book_by(shelf, digest))
        found += playings[row.insutype].row(row, beside)
    return found


def differences_shown(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Differences as a page shows them: the sentence in both languages, where, what is written, what should be."""
    return [{"said": {"zh": one.sentence("zh"), "en": one.sentence("en")}, "place": one.place, "found": one.found,
             "expected": one.expected, "fen": one.fen} for one in found]  # fmt: skip
