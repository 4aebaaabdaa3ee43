"""Every address of the site, with arguments to try it with. A new address with arguments gets its line in EXAMPLES."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver, reverse

from openyibao.bureau.staff.asking import ACT

INSURED = "43310100000000000000000001"
"""The person of the demo account `insured`; people.csv has him."""
NOTHING = 987_654_321
"""A number that nothing has: who may look is told that there is nothing, who may not is told that."""


class Address(NamedTuple):
    """One address: its name, what it asks for, and a path to try it with."""

    name: str
    route: str
    acts: tuple[str, ...]  # one of them is enough
    path: str
    found: bool  # whether the example exists; where it does not, 404 is the right answer


class Rows(NamedTuple):
    """Rows that are there: a bill, whose it is, its year."""

    setl_id: int
    psn_no: str
    year: int


FIRST_BILL = "SELECT setl_id, psn_no, extract(year FROM at)::int FROM settlement_settlement ORDER BY setl_id LIMIT 1"


EXAMPLES: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "guide-step": lambda rows: {"number": 1},
    "staff-post": lambda rows: {"code": "guest"},
    "staff-officer": lambda rows: {"login": "guest"},
    "bill": lambda rows: {"setl_id": rows.setl_id},
    "bill-pdf": lambda rows: {"setl_id": rows.setl_id},
    "person-year": lambda rows: {"psn_no": rows.psn_no, "year": rows.year},
    "own-year": lambda rows: {"year": rows.year},
    "claim-enter": lambda rows: {"psn_no": INSURED},
    "policy-parameter": lambda rows: {"city": "jishou", "key": "outpatient.employee.deductible.L3"},
    "policies-public-city": lambda rows: {"city": "jishou"},
    "indicator": lambda rows: {"code": "JS-T01"},
    "indicator-enter": lambda rows: {"code": "JS-T01"},
}  # fmt: skip
"""Address -> arguments of something that is there."""

MISSING = {
    "pk": NOTHING, "number": NOTHING, "setl_id": NOTHING, "scan": 1, "bucket": 0, "row": 0, "by": "loss", "rank": 1, "digest": "0" * 64,
    "token": "forged", "code": "JS-T01",
}  # fmt: skip
"""Arguments by which nothing is found: rows of claims, drafts, simulations come of work that the tiny city has not seen."""
ABSENT = {
    "own-bill", "own-bill-pdf", "own-told", "bill-verify", "indicator-rows", "claim-scan", "own-claim-scan", "simulation-bill",
    "simulation-case", "policy-package",
    "staff-change", "claim", "claim-edit", "claim-batch", "claim-batch-file", "policy-draft", "policy-draft-edit", "policy-draft-file",
    "policy-draft-submit", "policy-draft-withdraw", "policy-draft-attach", "policy-draft-agree", "policy-draft-approve",
    "policy-draft-decline", "policy-emergency-confirm", "policy-emergency-refuse", "simulation", "simulation-progress", "simulation-stop",
    "simulation-again", "simulation-later", "simulation-bills", "simulation-years", "simulation-report", "simulation-workbook",
    "simulation-paper", "simulation-package", "plan-milestone", "plan-task", "own-claim", "own-claim-edit", "objection",
    "plan-proof", "window-visit", "window-register", "window-cancel", "window-discharge", "window-back-in", "window-charge",
    "window-take-off", "window-trial", "window-settle", "window-fetch", "window-void", "alert",
}  # fmt: skip
"""Addresses that are tried with those."""


def patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its whole route."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        else:
            yield from patterns(one, route)


def acts_of(pattern: URLPattern) -> tuple[str, ...]:
    """What a view asks for: nothing said, one act, or one of several."""
    said = getattr(pattern.callback, ACT, ())
    return (said,) if isinstance(said, str) else tuple(said)


def addresses(rows: Rows) -> list[Address]:
    """Every address with a path. Raises LookupError for one that needs arguments and has none here."""
    found, without = [], []
    for route, pattern in patterns():
        name = pattern.name or ""
        if not pattern.pattern.converters:
            arguments, there = {}, True
        elif name in EXAMPLES:
            arguments, there = EXAMPLES[name](rows), True
        elif name in ABSENT:
            arguments, there = {one: MISSING[one] for one in pattern.pattern.converters}, False
        else:
            without.append(f"{route} ({name})")
            continue
        found.append(Address(name, route, acts_of(pattern), reverse(name, kwargs=arguments), there))
    if without:
        raise LookupError(f"addresses without arguments to try them with; add them to EXAMPLES in tests/addresses.py: {'; '.join(without)}")
    return found
