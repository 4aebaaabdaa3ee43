"""A bill file read whole 读账单: good rows as bills in order of settlement, bad rows set aside with their reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from openyibao.kernel import codes
from openyibao.warehouse.bills.bill import Bill, bill
from openyibao.warehouse.bills.columns import BILL
from openyibao.warehouse.bills.messages import unfolded
from openyibao.warehouse.bills.order import ordered
from openyibao.warehouse.bills.problems import Problem, repeated, shown
from openyibao.warehouse.bills.reversal import Event, is_reversal, reversal
from openyibao.warehouse.bills.rows import Row, rows


class Rejected(NamedTuple):
    """A row set aside 退回行: its line, the bill and person if they could be read, why, and the row as it stood."""

    line: int
    number: str
    person: str
    problem: Problem
    row: Mapping[str, Any] | None


class BillFile(NamedTuple):
    """What a bill file holds: bills and reversals in order of settlement."""

    bills: list[Event]
    rejected: list[Rejected]
    persons_sorted: int
    messages: dict[int, Mapping[str, Any]]  # line -> national settlement request


def nothing_watched(offset: int) -> None:
    """The default watcher of progress."""


def read_bills(path: Path, watch: Callable[[int], None] = nothing_watched, defaults: Mapping[str, Any] | None = None) -> BillFile:
    """Read, parse and order a bill file; `watch` is told the bytes read so far. Raises FileProblem.

    defaults  cells for rows that do not state them (the command's --level)
    """
    return gathered(rows(path, BILL), watch, defaults or {})


def gathered(found: Iterable[Row], watch: Callable[[int], None], defaults: Mapping[str, Any]) -> BillFile:
    """Rows parsed, doubles set aside, national messages folded into bills."""
    bills: list[Event] = []
    rejected: list[Rejected] = []
    messages: dict[int, Mapping[str, Any]] = {}
    first_line: dict[str, int] = {}
    for row, request in unfolded(watched(found, watch)):
        if request is not None:
            messages[row.number] = request
        try:
            if row.problem is not None or row.cells is None:
                raise row.problem or ValueError("a row holds cells or a problem")
            one = event(row.cells, row.number, defaults)
            if one.number in first_line:
                raise repeated(one.number, first_line[one.number])
        except Problem as problem:
            rejected.append(set_aside(row, problem))
            continue
        first_line[one.number] = one.line
        bills.append(one)
    tidy = ordered(with_seen(bills))
    return BillFile(tidy.bills, rejected, tidy.persons_sorted, messages)


def with_seen(bills: list[Event]) -> list[Event]:
    """Bills of a person who comes with several chronic diseases know them all (assemble.with_seen)."""
    seen: dict[tuple[str, str], set[str]] = {}
    for one in bills:
        if isinstance(one, Bill) and one.kind == codes.CHRONIC and one.granted != 0:
            seen.setdefault((one.person, one.city), set()).update(code for code in (one.disease, one.other_disease) if code)
    several = {key: tuple(sorted(found)) for key, found in seen.items() if len(found) > 1}
    if not several:
        return bills
    return [one._replace(seen=several.get((one.person, one.city), ())) if isinstance(one, Bill) else one for one in bills]


def event(cells: Mapping[str, Any], line: int, defaults: Mapping[str, Any]) -> Event:
    """A row as the bill or the reversal that it is; raises Problem."""
    return reversal(cells, line) if is_reversal(cells) else bill(with_defaults(cells, defaults), line)


def watched(found: Iterable[Row], watch: Callable[[int], None]) -> Iterator[Row]:
    """Rows, telling the watcher now and then."""
    for count, row in enumerate(found):
        if count % 256 == 0:
            watch(row.offset)
        yield row


def with_defaults(cells: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row with the command's defaults where it states neither the column nor its sibling."""
    if not defaults or "level" in cells or "hosp_lv" in cells:
        return cells
    return {**cells, **defaults}


def set_aside(row: Row, problem: Problem) -> Rejected:
    """A Rejected from a row."""
    cells = row.cells or {}
    return Rejected(row.number, shown(cells.get("bill_id", "")), shown(cells.get("psn_no", "")), problem, row.cells)


def rejected_bill(one: Event, problem: Problem) -> Rejected:
    """A Rejected from a bill that only the policy found wanting, or a reversal that finds nothing to take back."""
    return Rejected(one.line, one.number, one.person, problem, None)
