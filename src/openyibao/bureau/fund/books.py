"""Entries that the fund desk itself makes 基金记账: their accounts, and what the days of a bill until payment are. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from openyibao.kernel.ledger import Entry, Posting, entry

BANK = "bank"
"""支出户存款: the account of a fund from which institutions are paid."""

BENEFIT = "benefit"
"""待遇支出."""


def payable(institution: str) -> str:
    """What a fund owes an institution 应付定点机构款: the account of its books."""
    return f"payable/{institution}"


def payment_entry(day: int, institution: str, pays: Iterable[tuple[str, int]], number: str) -> Entry:
    """The entry of a payment to an institution 拨付, or with negative fen of money that came back: each fund pays what it owes.

    pays    (fund, fen)
    number  of the payment order 支付凭证号, which the bank file names
    """
    postings: list[Posting] = []
    for fund, fen in pays:
        if fen != 0:
            postings += [Posting(fund, payable(institution), fen), Posting(fund, BANK, -fen)]
    return entry(day, f"payment {number}", tuple(postings))


class Moved(NamedTuple):
    """A posting to a payable 应付变动 in the order of the books: owed (negative fen) or paid (positive); `back`: a bill taken back."""

    day: date
    fen: int
    back: bool = False


class Owed(NamedTuple):
    """What is still owed of one day's bills."""

    day: date
    fen: int


class Paid(NamedTuple):
    """What a payment paid of one day's bills, and how many days after them (I19)."""

    fen: int
    days: int


def followed(moves: Iterable[Moved]) -> tuple[list[Owed], list[Paid]]:
    """Which bills are still owed and how long the others waited: payments pay the oldest bills, a reversal takes off the newest.

    Money that was paid before any bill is owed as a negative amount of its own day.
    """
    owed: list[Owed] = []
    paid: list[Paid] = []
    for move in moves:
        left = move.fen
        if left < 0:
            while left < 0 and owed and owed[0].fen < 0:      # paid ahead
                part = min(-left, -owed[0].fen)
                paid.append(Paid(part, 0))
                left += part
                owed[0] = owed[0]._replace(fen=owed[0].fen + part)
                if owed[0].fen == 0:
                    owed.pop(0)
            if left < 0:
                owed.append(Owed(move.day, -left))
            continue
        while left > 0 and owed and owed[-1].fen > 0:
            place = -1 if move.back else 0
            part = min(left, owed[place].fen)
            if not move.back:
                paid.append(Paid(part, (move.day - owed[place].day).days))
            left -= part
            owed[place] = owed[place]._replace(fen=owed[place].fen - part)
            if owed[place].fen == 0:
                owed.pop(place)
        if left > 0:
            owed.append(Owed(move.day, -left))
    return owed, paid
