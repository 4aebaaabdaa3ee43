"""Every address of the site, with arguments to try it with. A new address with arguments gets its line in EXAMPLES."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver, reverse

from openyibao.bureau.staff.asking import ACT
from seeded import Rows

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


EXAMPLES: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "guide-step": lambda rows: {"number": 1},
    "staff-post": lambda rows: {"code": "guest"},
    "staff-officer": lambda rows: {"login": "guest"},
    "bill": lambda rows: {"setl_id": rows.setl_id},
    "bill-pdf": lambda rows: {"setl_id": rows.setl_id},
    "person-year": lambda rows: {"psn_no": rows.psn_no, "year": rows.year},
    "own-year": lambda rows: {"year": rows.own_year},
    "own-bill": lambda rows: {"setl_id": rows.own_setl_id},
    "own-bill-pdf": lambda rows: {"setl_id": rows.own_setl_id},
    "own-told": lambda rows: {"setl_id": rows.own_setl_id},
    "bill-verify": lambda rows: {"token": rows.token},
    "claim": lambda rows: {"pk": rows.claim},
    "claim-edit": lambda rows: {"pk": rows.entered},
    "claim-scan": lambda rows: {"pk": rows.claim, "scan": rows.scan},
    "claim-batch": lambda rows: {"pk": rows.batch},
    "claim-batch-file": lambda rows: {"pk": rows.batch},
    "own-claim": lambda rows: {"pk": rows.own_claim},
    "own-claim-edit": lambda rows: {"pk": rows.own_claim},
    "own-claim-scan": lambda rows: {"pk": rows.own_claim, "scan": rows.own_scan},
    "objection": lambda rows: {"pk": rows.objection},
    "claim-enter": lambda rows: {"psn_no": INSURED},
    "policy-parameter": lambda rows: {"city": "jishou", "key": "outpatient.employee.deductible.L3"},
    "policies-public-city": lambda rows: {"city": "jishou"},
    "policy-package": lambda rows: {"digest": rows.package},
    "policy-draft": lambda rows: {"pk": rows.draft},
    "policy-draft-edit": lambda rows: {"pk": rows.written},
    "policy-draft-file": lambda rows: {"pk": rows.draft},
    "simulation": lambda rows: {"pk": rows.run},
    "simulation-progress": lambda rows: {"pk": rows.run},
    "simulation-bills": lambda rows: {"pk": rows.run},
    "simulation-bill": lambda rows: {"pk": rows.run, "bucket": rows.bucket, "row": rows.row},
    "simulation-years": lambda rows: {"pk": rows.run},
    "simulation-case": lambda rows: {"pk": rows.run, "by": "bill", "rank": 1},
    "simulation-report": lambda rows: {"pk": rows.run},
    "simulation-workbook": lambda rows: {"pk": rows.run},
    "simulation-paper": lambda rows: {"pk": rows.run},
    "simulation-package": lambda rows: {"pk": rows.run},
    "indicator": lambda rows: {"code": rows.code},
    "indicator-rows": lambda rows: {"code": rows.code},
    "indicator-enter": lambda rows: {"code": rows.code},
    "plan-milestone": lambda rows: {"pk": rows.milestone},
    "plan-task": lambda rows: {"pk": rows.task},
    "plan-proof": lambda rows: {"number": rows.proof},
    "alert": lambda rows: {"pk": rows.alert},
    "staff-change": lambda rows: {"pk": rows.change},
    "window-visit": lambda rows: {"number": rows.visit},
}  # fmt: skip
"""Address -> arguments of something that is there."""

MISSING = {"pk": NOTHING, "number": NOTHING}
"""Arguments by which nothing is found."""
ABSENT = {
    "policy-draft-submit", "policy-draft-withdraw", "policy-draft-agree", "policy-draft-approve",
    "policy-draft-decline", "policy-emergency-confirm", "policy-emergency-refuse", "simulation-stop", "simulation-again",
    "simulation-later", "simulation-attach", "window-register", "window-cancel", "window-discharge", "window-back-in", "window-charge",
    "window-take-off", "window-trial", "window-settle", "window-fetch", "window-void",
}  # fmt: skip
"""Addresses that are tried with those: they show nothing, they only take what is posted."""


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
