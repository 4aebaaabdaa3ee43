"""Results 结算结果: one record per bill with the national amount fields, the layers in detail, and the year after it.

JSON Lines nests `detail` and `year`; CSV and Parquet have them as columns `detail_…` and `year_…`. Money is text in yuan (Parquet:
decimal), because a binary fraction is no place for a fen.
"""

import csv
import importlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TextIO

from openyibao.kernel import codes
from openyibao.kernel.codes import WHOLE
from openyibao.kernel.plan import Readings
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.refusals import refusal
from openyibao.kernel.year import Year
from openyibao.policybook.national import AMOUNT_FIELDS, amounts
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.problems import yuan
from openyibao.warehouse.bills.reading import Rejected
from openyibao.warehouse.bills.settled import Settled
from openyibao.warehouse.bills.standing import COUNTS, MONTHS, YEAR_MONEY, year_cells
from openyibao.warehouse.bills.values import day_text

INSUTYPE = {codes.EMPLOYEE: "310", codes.RESIDENT: "390"}

NO_MONEY = frozenset(("outcome", "scheme", "kind", "admission", "ratio", "factor", "excess_sessions", "readings"))
DETAIL = (*(name for name in Receipt._fields if name not in NO_MONEY), "ratio", "factor", "admission", "excess_sessions")
DETAIL_MONEY = frozenset(f"detail_{name}" for name in Receipt._fields if name not in NO_MONEY)
HEAD = ("line", "bill_id", "psn_no", "city", "insutype", "kind", "level", "enddate", "outcome", "sentence", "clause",
        "reverses", "replaces", "because")
TAIL = ("readings", "policy")
YEAR_COLUMNS = tuple(f"year_{name}" for name in Year._fields)
COLUMNS = [*HEAD, *AMOUNT_FIELDS, *(f"detail_{name}" for name in DETAIL), *TAIL, *YEAR_COLUMNS]
MONEY_COLUMNS = frozenset(AMOUNT_FIELDS) | DETAIL_MONEY | frozenset(f"year_{name}" for name in YEAR_MONEY)
COUNT_COLUMNS = frozenset(("line", "detail_admission", "detail_excess_sessions")) | frozenset(f"year_{name}" for name in COUNTS | MONTHS)

SETTLED, REVERSED, REPLAYED = "settled", "reversed", "replayed"


def outcome_of(settled: Settled, lang: str) -> tuple[str, str, str]:
    """(outcome, sentence, clause): settled, reversed, replayed, or the refusal's stable code with its sentence and clause."""
    if settled.reverses:
        return REVERSED, "", ""
    if settled.receipt.outcome == codes.SETTLED:
        return REPLAYED if settled.replaces else SETTLED, "", ""
    why = refusal(settled.receipt.outcome)
    return why.code, why.sentence if lang == "zh" else why.sentence_en, why.clause


def readings_used(mask: int) -> list[str]:
    """Names of the alternative readings 解读口径 in a receipt's mask."""
    return [name for bit, name in enumerate(Readings._fields) if mask >> bit & 1]


def detail_of(receipt: Receipt) -> dict[str, Any]:
    """Every figure of the receipt by name: money as yuan text, shares as decimal text, counts as numbers, no limit as None."""
    cells: dict[str, Any] = {name: yuan(value) if abs(value) < codes.UNBOUNDED else None
                             for name, value in zip(Receipt._fields, receipt, strict=True) if name not in NO_MONEY}
    for name in ("ratio", "factor"):
        value = getattr(receipt, name)
        cells[name] = f"{value // WHOLE}.{value % WHOLE:04d}"
    for name in ("admission", "excess_sessions"):
        cells[name] = getattr(receipt, name)
    return cells


def record_of(settled: Settled, lang: str) -> dict[str, Any]:
    """The result of one bill, nested."""
    bill, claim, receipt = settled.bill, settled.claim, settled.receipt
    outcome, sentence, clause = outcome_of(settled, lang)
    head = (bill.line, bill.number, bill.person, settled.policy.name, INSUTYPE[claim.scheme], words.KIND_NAMES[receipt.kind][0],
            words.LEVEL_NAMES[claim.level][0], day_text(bill.day), outcome, sentence, clause,
            settled.reverses, settled.replaces, settled.because)
    return {
        **dict(zip(HEAD, head, strict=True)),
        **{field: yuan(fen) for field, fen in amounts(receipt, settled.plan).items()},
        "detail": detail_of(receipt),
        "readings": readings_used(receipt.readings),
        "policy": settled.policy.book.digest,
        "year": year_cells(settled.after),
    }


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with `detail` and `year` as columns, lists as text."""
    cells = {name: value for name, value in record.items() if name not in ("detail", "year")}
    for nest in ("detail", "year"):
        cells |= {f"{nest}_{name}": value for name, value in record[nest].items()}
    cells["readings"] = " ".join(record["readings"])
    cells["year_admissions_by_level"] = json.dumps(record["year"]["admissions_by_level"])
    return cells


class Writer(Protocol):
    """Anything that takes records and is closed at the end."""

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""

    def close(self) -> None:
        """Finish the file."""


class JsonLines:
    """Records as JSON Lines."""

    def __init__(self, file: TextIO) -> None:
        """Write to an open text file."""
        self.file = file

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""
        self.file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


class Csv:
    """Flat records as CSV with a byte-order mark, which spreadsheet programs need to see Chinese."""

    def __init__(self, file: TextIO, names: list[str]) -> None:
        """Write the header to an open text file."""
        self.file = file
        self.rows = csv.DictWriter(file, names, extrasaction="raise", lineterminator="\n")
        self.rows.writeheader()

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""
        self.rows.writerow(flat(record))

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


class Parquet:
    """Flat records as Parquet; pyarrow is loaded only now."""

    def __init__(self, path: Path) -> None:
        """Open the file."""
        parquet = importlib.import_module("openyibao.warehouse.bills.parquet")
        self.inner = parquet.Writer(path, COLUMNS, MONEY_COLUMNS, COUNT_COLUMNS)

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""
        cells = flat(record)
        self.inner.write({name: Decimal(value) if name in MONEY_COLUMNS and value is not None else value for name, value in cells.items()})

    def close(self) -> None:
        """Finish the file."""
        self.inner.close()


def writer(path: Path, kind: str) -> Writer:
    """The writer of a format: jsonl, csv, parquet."""
    if kind == "parquet":
        return Parquet(path)
    if kind == "csv":
        return Csv(path.open("w", encoding="utf-8-sig", newline=""), COLUMNS)
    return JsonLines(path.open("w", encoding="utf-8", newline="\n"))


def reject_record(rejected: Rejected) -> dict[str, Any]:
    """A row of the rejects file."""
    problem = rejected.problem
    return {"line": rejected.line, "bill_id": rejected.number, "psn_no": rejected.person, "code": problem.code, "field": problem.field,
            "value": problem.value, "zh": problem.zh, "en": problem.en, "row": rejected.row}


