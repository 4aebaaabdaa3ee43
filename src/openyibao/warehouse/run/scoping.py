"""Charge lines into bills 明细归集: each line scoped by the kernel's own functions, each bill's sums as the claim wants them.

The synthetic city makes its bills here and a reform of prices or of scope makes them again: one road, so that an unchanged price gives
an unchanged fen.
"""

from typing import Any

import numpy as np

from openyibao.kernel.claim import Line
from openyibao.kernel.codes import DELIVERY, MISCARRIAGE_LATE
from openyibao.kernel.law import compilable
from openyibao.kernel.lines import Scoped, bed_excess, scoped, summed
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.run.columns import Columns, exact, exacts

numba = compilable(cache_folder())

SUMS = ("total", "full", "over", "pre", "within", "off_list", "consultation")
"""What scoping says of a bill, in the order of kernel Scoped; the names are the claim's."""
LINE_COLUMNS = {"row": np.int32, "item": np.int32, "quantity": np.int32, "price": np.int64, "restricted": np.int8}
ITEM_COLUMNS = {
    "item_class": np.int8, "self_pay": np.int32, "ceiling": np.int64, "consumable": np.int8, "bed": np.int8, "drug": np.int8,
    "dual_channel": np.int8, "consultation": np.int8, "slices": np.int8,
}  # fmt: skip
BILL_COLUMNS = {"kind": np.int8, "level": np.int8, "days": np.int16}


@numba.njit(cache=True, error_model="numpy", nogil=True)
def scope_lines(
    row: Any, item: Any, quantity: Any, price: Any, restricted: Any,
    item_class: Any, self_pay: Any, ceiling: Any, consumable: Any, bed: Any, drug: Any, dual_channel: Any, consultation: Any, slices: Any,
    kind: Any, level: Any, days: Any, plan_of: Any, plans: Any, sums: Any,
) -> None:  # fmt: skip
    """Add each line to its bill's `sums` (int64, bills x len(SUMS)), lines of a bill together; then the bed ceiling, once a bill."""
    count, i = row.shape[0], 0
    while i < count:
        b = row[i]
        plan = plans[plan_of[b]]
        maternity = 1 if kind[b] >= DELIVERY and kind[b] <= MISCARRIAGE_LATE else 0
        total, bed_within = Scoped(0, 0, 0, 0, 0, 0, 0), 0
        while i < count and row[i] == b:
            k = item[i]
            line = Line(
                quantity=int(quantity[i]), price=price[i], item_class=int(item_class[k]), self_pay=int(self_pay[k]),
                ceiling=ceiling[k], restricted=int(restricted[i]), consumable=int(consumable[k]), bed=int(bed[k]),
                drug=int(drug[k]), dual_channel=int(dual_channel[k]), consultation=int(consultation[k]),
                slices=int(slices[k]),
            )  # fmt: skip
            part = scoped(line, plan.scope, maternity, plan.rounding)
            total = summed(total, part)
            if bed[k] == 1:
                bed_within += part.within
            i += 1
        excess = bed_excess(bed_within, max(int(days[b]), 1), level[b], plan.scope)
        sums[b, 0] = total.fee
        sums[b, 1] = total.full
        sums[b, 2] = total.over + excess
        sums[b, 3] = total.pre
        sums[b, 4] = total.within - excess
        sums[b, 5] = total.off_list
        sums[b, 6] = total.consultation


def scope_bills(lines: Columns, items: Columns, bills: Columns, plan_of: Any, plans: Any) -> dict[str, Any]:
    """The sums of every bill from its lines, fen: an int64 array per name of SUMS; a bill without lines has zeros.

    lines    columns of the table `line`, lines of a bill together, `row` the bill's row in `bills`
    items    columns of the table `item`, row = item
    bills    `kind`, `level`, `days` (0 = not a stay) of every bill
    plan_of  row of each bill's plan in `plans` (settling.plan_rows gives both)
    plans    records.PLAN
    """
    count = len(bills["kind"])
    sums = np.zeros((count, len(SUMS)), np.int64)
    scope_lines(
        *exacts(lines, LINE_COLUMNS), *exacts(items, ITEM_COLUMNS), *exacts(bills, BILL_COLUMNS), exact(plan_of, np.int32), plans, sums
    )
    return {name: np.ascontiguousarray(sums[:, place]) for place, name in enumerate(SUMS)}
