"""Sums over a run 汇总: bills, outcomes and every amount field, by scheme; each sum is of whole fen, so it is exact."""

from collections import Counter
from collections.abc import Mapping

from openyibao.kernel import codes
from openyibao.policybook.national import AMOUNT_FIELDS, FUND_FIELDS, amounts
from openyibao.warehouse.bills.settled import Settled


class Tally:
    """What a run came to."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self.bills = 0
        self.refused = 0
        self.reversed = 0   # bills taken back
        self.replayed = 0   # later bills settled again because of it
        self.documents = 0  # bills, mirrors, new settlements
        self.outcomes: Counter[int] = Counter()
        self.persons: set[str] = set()
        self.sums: dict[int, dict[str, int]] = {scheme: dict.fromkeys(AMOUNT_FIELDS, 0) for scheme in (codes.EMPLOYEE, codes.RESIDENT)}
        self.counts: Counter[int] = Counter()
        self.policies: set[str] = set()
        self.readings = 0
        self.broken: list[str] = []

    def add(self, settled: Settled) -> None:
        """Count one document, and check that its payers add up (identities I1 to I4); a mirror counts negative in the sums."""
        receipt = settled.receipt
        fields = amounts(receipt, settled.plan)
        self.documents += 1
        if settled.reverses:
            self.reversed += settled.because == ""
        elif settled.replaces:
            self.replayed += 1
        else:
            self.bills += 1
            self.refused += receipt.outcome != codes.SETTLED
            self.outcomes[receipt.outcome] += 1
            self.counts[receipt.scheme] += 1
        self.persons.add(settled.bill.person)
        self.policies.add(settled.policy.name)
        self.readings |= receipt.readings
        total = self.sums[receipt.scheme]
        for name, fen in fields.items():
            total[name] += fen
        if not adds_up(fields):
            self.broken.append(settled.bill.number)

    def total(self, field: str) -> int:
        """A field over both schemes, fen."""
        return sum(sums[field] for sums in self.sums.values())


def adds_up(fields: Mapping[str, int]) -> bool:
    """Whether a bill's figures satisfy the identities I1 to I4 of the interface (docs/reference/bills.md)."""
    total = fields["medfee_sumamt"]
    payers = fields["fund_pay_sumamt"] + fields["psn_part_amt"] + fields["hosp_part_amt"]
    person = fields["acct_pay"] + fields["psn_cash_pay"]
    scopes = fields["fulamt_ownpay_amt"] + fields["overlmt_selfpay"] + fields["preselfpay_amt"] + fields["inscp_scp_amt"]
    funds = sum(fields[name] for name in FUND_FIELDS)
    return total == payers == scopes and fields["psn_part_amt"] == person and fields["fund_pay_sumamt"] == funds
