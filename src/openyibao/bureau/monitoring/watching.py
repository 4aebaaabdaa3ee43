"""The check 巡检: every rule measured, its alerts brought in line. At most once a minute, whoever asks: a server process or a command."""

import time
from datetime import datetime

import structlog

from openyibao.bureau.monitoring import actions
from openyibao.bureau.monitoring.rules import MEASURES, rules, walked

BROKEN = "broken_seals"
"""The figure whose measuring also says where the next check goes on from: measured once."""

log = structlog.get_logger("openyibao.monitoring")


def watched(*, at: datetime, now: bool = False) -> list[int] | None:
    """Run the check if it is due (or `now`); the numbers of alerts newly raised, None when it was not due.

    A rule that cannot be measured is said so in the log, and does not keep the others from being looked at.
    """
    if not actions.taken_turn(at=at) and not now:
        return None
    began = time.perf_counter()
    broken, heads = walked()
    fresh: list[int] = []
    for rule in rules().values():
        try:
            measured = broken if rule.figure == BROKEN else MEASURES[rule.figure](at)
            fresh += actions.checked(rule=rule, found=measured, at=at)
        except Exception:
            log.exception("rule could not be measured", rule=rule.code)
    actions.remembered(heads=heads, micros=int((time.perf_counter() - began) * 1_000_000))
    actions.cleared(at=at)
    return fresh
