"""An estimate 费用测算: one bill that nobody has sent, settled by the same law as any other. What a command line and a page ask alike."""

from collections.abc import Callable, Mapping
from typing import Any

from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.bill import bill as parse_bill
from openyibao.warehouse.bills.people import NOBODY
from openyibao.warehouse.bills.reading import Rejected
from openyibao.warehouse.bills.settled import Policy, Settled
from openyibao.warehouse.bills.settling import settle_bills

NUMBER = "estimate"


def estimated(cells: Mapping[str, Any], policy_of: Callable[[Bill], Policy]) -> Settled:
    """The bill of these cells settled. Without an in-scope amount or parts the whole fee counts as in scope. Raises Problem.

    cells  columns of a bill file (docs: bill files), without a bill and person number
    """
    stated = {"bill_id": NUMBER, "psn_no": NUMBER, **cells}
    parts = ("inscp_scp_amt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt")
    if not any(str(stated.get(name, "")) for name in parts):
        stated["inscp_scp_amt"] = stated.get("medfee_sumamt", "")
    found = next(settle_bills([parse_bill(stated, 1)], policy_of, NOBODY))
    if isinstance(found, Rejected):
        raise found.problem
    return found
