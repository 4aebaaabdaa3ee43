"""The same bills through the compiled law 编译核对: what a file's plain run decided, decided again by the compiled loop and compared.

Importing NumPy and Numba takes a second, so both modules are loaded by name when a recheck is asked for.
"""

import importlib
from typing import Any

from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year
from openyibao.warehouse.bills.settled import Settled


class Recheck:
    """Bills of a plain run, kept in order for a compiled one."""

    def __init__(self) -> None:
        """Nothing kept yet."""
        self.claims: list[Claim] = []
        self.receipts: list[Receipt] = []
        self.numbers: list[str] = []
        self.persons: list[int] = []
        self.plans: dict[int, tuple[int, Plan]] = {}
        self.plan_of: list[int] = []
        self.opened: list[Year] = []
        self.rows: dict[tuple[str, str, int], int] = {}

    def add(self, settled: Settled, trial: bool) -> None:
        """Keep one bill; a trial gets a year of its own, since it leaves nothing behind.

        A mirror is nothing to decide. What stands after it starts from the year that the reversal left, each bill settled again from
        the year it was settled in.
        """
        key = (settled.policy.name, settled.bill.person, settled.claim.scheme)
        if settled.reverses:
            self.rows.pop(key, None)
            return
        alone = trial or settled.replaces != ""
        if alone or key not in self.rows:
            self.opened.append(settled.before)
            row = len(self.opened) - 1
            if not alone:
                self.rows[key] = row
        else:
            row = self.rows[key]
        place, _ = self.plans.setdefault(id(settled.plan), (len(self.plans), settled.plan))
        self.claims.append(settled.claim)
        self.receipts.append(settled.receipt)
        self.numbers.append(settled.bill.number)
        self.persons.append(row)
        self.plan_of.append(place)

    def differing(self) -> list[str]:
        """bill_ids of the bills on which the compiled law decides another figure than the plain one: none, or a fault of the build."""
        if not self.claims:
            return []
        records: Any = importlib.import_module("openyibao.warehouse.records")
        loop: Any = importlib.import_module("openyibao.warehouse.loop")
        numpy: Any = importlib.import_module("numpy")
        plans = [plan for _, plan in sorted(self.plans.values(), key=lambda entry: entry[0])]
        results = numpy.empty(len(self.claims), records.RESULT)
        loop.settle_records(
            records.claim_records(self.claims), numpy.array(self.persons, numpy.int32), numpy.array(self.plan_of, numpy.int32),
            records.plan_records(plans), records.year_records(self.opened), results,
        )  # fmt: skip
        wrong: dict[str, None] = {}
        for field in records.RESULTS:
            plain = numpy.array([getattr(receipt, field) for receipt in self.receipts], numpy.int64)
            for place in numpy.flatnonzero(results[field] != plain):
                wrong[self.numbers[int(place)]] = None
        return list(wrong)
