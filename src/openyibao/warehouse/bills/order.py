"""The order of settlement 结算次序: a person's bills by (day, place in the file); everybody else's bills stay where they stand.

A person whose rows are not in order of day gets the same places in the run, filled in order; so results follow the file wherever the
file is in order. A reversal without a day comes after the person's rows before it, and takes the latest of their days.
"""

from collections.abc import Sequence
from typing import NamedTuple

from openyibao.warehouse.bills.reversal import Event, Reversal


class Ordered(NamedTuple):
    """Bills in order of settlement, and how many persons had to be sorted."""

    bills: list[Event]
    persons_sorted: int


def ordered(rows: Sequence[Event]) -> Ordered:
    """Bills and reversals in the order in which they are settled."""
    latest: dict[str, int] = {}
    untidy: set[str] = set()
    bills = list(rows)
    for place, bill in enumerate(bills):
        last = latest.get(bill.person, 0)
        if isinstance(bill, Reversal) and bill.day == 0:
            bills[place] = bill._replace(day=last)
        elif bill.day < last:
            untidy.add(bill.person)
        else:
            latest[bill.person] = bill.day
    if not untidy:
        return Ordered(bills, 0)
    places: dict[str, list[int]] = {person: [] for person in untidy}
    for place, bill in enumerate(bills):
        if bill.person in untidy:
            places[bill.person].append(place)
    result = list(bills)
    for taken in places.values():
        for place, source in zip(taken, sorted(taken, key=lambda place: bills[place].day), strict=True):
            result[place] = bills[source]
    return Ordered(result, len(untidy))
