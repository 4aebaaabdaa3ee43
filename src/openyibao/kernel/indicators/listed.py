"""Every quantity by its code 指标口径总表."""

from collections.abc import Mapping

from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.awaited import AWAITED
from openyibao.kernel.indicators.quantity import Quantity

QUANTITIES: Mapping[str, Quantity] = {quantity.code: quantity for quantity in ANSWERED + AWAITED}
"""Code -> quantity."""
