"""Play cases 执行用例, one after the other, and keep what happened."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from openyibao.outside.hospital.client import NoAnswer, TurnedDown
from openyibao.outside.hospital.conformance.case import Case, Missing, Unmet
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import Exchange

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Result:
    """How one case went. zh, en: why it failed or was skipped; shown: where it showed; trace: of a reply nobody could read."""

    case: Case
    outcome: str
    seconds: float
    said: tuple[Exchange, ...]
    zh: str = ""
    en: str = ""
    shown: Exchange | None = None
    remarks: tuple[tuple[str, str], ...] = ()
    trace: str = ""


def chosen(cases: Iterable[Case], only: Iterable[str]) -> list[Case]:
    """The cases named: whole names or families; all when none is named. Raises KeyError with a name that fits none."""
    rows, names = list(cases), list(only)
    for name in names:
        if not any(name in (row.name, row.family) for row in rows):
            raise KeyError(name)
    return [row for row in rows if not names or row.name in names or row.family in names]


def played(stage: Stage, cases: Iterable[Case], shown: Callable[[Result], None] = lambda result: None) -> list[Result]:
    """Play cases in order; shown: called after each."""
    results = []
    for one in cases:
        result = play(stage, one)
        shown(result)
        results.append(result)
    return results


def play(stage: Stage, one: Case) -> Result:
    """Play one case. Whatever goes wrong is its result."""
    stage.begin()
    begun = time.perf_counter()
    outcome, zh, en, shown, trace = PASSED, "", "", None, ""
    lacking = [role for role in one.needs if not stage.cast.holds(role)]
    try:
        if lacking:
            raise Missing(f"角色表缺少 {'、'.join(lacking)}", f"the cast lacks {', '.join(lacking)}")
        one.play(stage)
    except Missing as missing:
        outcome, zh, en = SKIPPED, missing.zh, missing.en
    except Unmet as unmet:
        outcome, zh, en, shown = FAILED, unmet.zh, unmet.en, unmet.exchange
    except TurnedDown as refusal:
        outcome, shown = FAILED, refusal.exchange
        why = shown.text or shown.status
        zh, en = f"{shown.infno} 应成功，却被拒绝：{why}", f"{shown.infno} should succeed: {why}"
    except NoAnswer as silence:
        outcome, zh, en = FAILED, f"没有应答：{silence}", f"no answer: {silence}"
    except Exception as error:    # a reply in a shape nobody foresaw must not end the run; it is reported whole
        outcome, zh, en, trace = FAILED, f"应答无法读取：{error!r}", f"the reply could not be read: {error!r}", traceback.format_exc()
        shown = stage.said[-1] if stage.said else None
    if outcome == PASSED and stage.broken:
        rows = list(dict.fromkeys((breach.identity, breach.zh, breach.en, exchange.infno) for breach, exchange in stage.broken))
        outcome, shown = FAILED, stage.broken[0][1]
        zh, en = ("；".join(f"{row[3]} {row[0]} {row[place]}" for row in rows) for place in (1, 2))
    spent = time.perf_counter() - begun
    return Result(one, outcome, spent, tuple(stage.said), zh, en, shown, tuple(stage.remarks), trace)


def by_family(results: Iterable[Result]) -> Iterator[tuple[str, list[Result]]]:
    """Results family by family, in the order in which the families first appear."""
    families: dict[str, list[Result]] = {}
    for result in results:
        families.setdefault(result.case.family, []).append(result)
    yield from families.items()
