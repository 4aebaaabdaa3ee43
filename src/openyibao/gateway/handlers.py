"""Every message that is served, and its handler 报文处理表: one line per family."""

from openyibao.gateway.handling import Handler
from openyibao.gateway.messages import (
    catalogue,
    departments,
    entitlements,
    files,
    filings,
    inpatient,
    institutions,
    lists,
    lookups,
    mapping,
    outpatient,
    person,
    pharmacy,
    reconciliation,
    reversal,
    review,
    settlement_list,
    signin,
    stock,
)

FAMILIES = (
    signin,
    person,
    institutions,
    catalogue,
    files,
    entitlements,
    filings,
    pharmacy,
    outpatient,
    inpatient,
    reversal,
    review,
    reconciliation,
    mapping,
    departments,
    stock,
    lists,
    settlement_list,
    lookups,
)

HANDLERS: dict[str, Handler] = {infno: handler for family in FAMILIES for infno, handler in family.HANDLERS.items()}
"""infno -> handler."""
