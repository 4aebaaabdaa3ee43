"""Every case 全部用例, family by family, in the order of playing."""

from openyibao.outside.hospital.conformance.case import Case
from openyibao.outside.hospital.conformance.cases import (
    access,
    catalogue,
    filings,
    inpatient,
    office,
    outpatient,
    pharmacy,
    refusals,
    repeat,
    wire,
)

CASES: tuple[Case, ...] = (
    *access.CASES, *wire.CASES, *catalogue.CASES, *outpatient.CASES, *inpatient.CASES, *pharmacy.CASES, *repeat.CASES, *refusals.CASES,
    *filings.CASES, *office.CASES,
)  # fmt: skip
"""All of them."""
