"""The order of settlement 结算次序: a person's bills by (day, place in the file); everybody else's bills stay where they stand.

A person whose rows are not in order of day gets the same places in the run, filled in order; so results follow the file wherever the
file is in order.
"""

from collections.abc import Sequence
from typing import NamedTuple

from openyibao.warehouse.bills.bill import Bill


class Ordered(NamedTuple):
    """Bills in order of settlement, and how many persons had to be sorted."""

    bills: list[Bill]
    persons_sorted: int


def ordered(bills: Sequence[Bill]) -> Ordered:
    """Bills in the order in which they are settled."""
    latest: dict[str, int] = {}
    untidy: set[str] = set()
    for bill in bills:
        if bill.day < latest.get(bill.person, 0):
            untidy.add(bill.person)
        latest[bill.person] = bill.day
    if not untidy:
        return Ordered(list(bills), 0)
    places: dict[str, list[int]] = {person: [] for person in untidy}
    for place, bill in enumerate(bills):
        if bill.person in untidy:
            places[bill.person].append(place)
    result = list(bills)
    for taken in places.values():
        for place, source in zip(taken, sorted(taken, key=lambda place: bills[place].day), strict=True):
            result[place] = bills[source]
    return Ordered(result, len(untidy))
