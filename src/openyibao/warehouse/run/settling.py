"""A bucket's year settled in memory 内存结算: what the synthetic city calls for the bills it has just made."""

from typing import Any

from openyibao.warehouse.run.block import SIZE, close, closing_columns, settled
from openyibao.warehouse.run.columns import Columns, empty_result, in_order, scatter
from openyibao.warehouse.run.package import Package


def settle_year(holder: Columns, bill: Columns, package: Package, size: int = SIZE) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settle a bucket's bills of the package's year.

    holder  columns of the table `holder`: person, standing, opening figures; sorted by person and scheme
    bill    columns of the table `bill` that make a claim (every field of kernel Claim) and `holder`, sorted by person and day
    Returns (result, closing): the columns of these tables, row by row with `bill` and `holder`. Raises block.Unsettled.
    """
    result, closing = empty_result(len(bill["kind"])), closing_columns(len(holder["scheme"]))
    written = in_order(result)
    for block in settled(holder, bill, package, size):
        scatter(block.results, block.start, written)
        close(block, closing)
    return result, closing
