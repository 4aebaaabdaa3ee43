"""Counting a city's indicators 指标测算: the store is opened, every month is counted and kept. Command and worker both come here."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from openyibao.bureau.planning import actions
from openyibao.bureau.planning.models import Refresh
from openyibao.bureau.planning.places import store_folder
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.refused import Refused
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.months import Counted, counted, months_of
from openyibao.warehouse.measure.place import city_of
from openyibao.warehouse.measure.plantable import plan_of
from openyibao.warehouse.measure.written import text_of
from openyibao.warehouse.questions.asking import QuestionProblem, opened
from openyibao.warehouse.tables.store import Store, StoreProblem


@contextmanager
def surveyed(city: str) -> Iterator[Survey]:
    """A city's store opened for questions about all its years. Raises Refused PLAN-01 without a store, PLAN-02 where it lacks a table."""
    try:
        found = city_of(Store(store_folder(city)), books()[city])
        if not found.years:
            raise StoreProblem("no year of bills")
        with opened(found.store, list(found.years)) as desk:
            yield Survey(desk, found)
    except StoreProblem as problem:
        raise Refused(
            "PLAN-01", "本市没有可供测算的年度库。", "There is no store of the city's years to count from.", place="city",
            next_zh=f"先用 openyibao warehouse export-database --city {city} 从业务库导出，或用 openyibao city make {city} 生成合成城市。",
            next_en=f"First run openyibao warehouse export-database --city {city}, or openyibao city make {city} for a synthetic city.",
        ) from problem
    except QuestionProblem as problem:
        raise Refused(
            "PLAN-02", "年度库缺少测算所需的表或列。", "The store lacks a table or column that the count needs.", place="city",
            next_zh="请重新导出年度库。", next_en="Export the store again.",
        ) from problem


def digest_of(one: Counted) -> str:
    """SHA-256 of what was counted and how: the figure, its rows, the SQL and what it was given. The same count has the same digest."""
    answer = one.answer
    said = [
        one.code, one.span, answer.quantity.code, list(answer.period), list(answer.value or ()), answer.numerator, answer.denominator,
        answer.rows, text_of(answer.source) if answer.source else "", dict(answer.given), answer.why, answer.notes, answer.level,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def count(*, refresh: int, at: datetime, clock: actions.Clock) -> int:
    """Do a count that was asked for (its row's number); how many values are new. A failure is kept with its reason and raised.

    at     the instant of the values; clock  for signs of life
    """
    row = Refresh.objects.get(pk=refresh)
    kept = 0
    try:
        plan = plan_of(row.city)
        with surveyed(row.city) as survey:
            months = months_of(survey.city.years, row.first, row.last)
            actions.moved(refresh=refresh, months=len(months), done=0, kept=0, at=clock())
            for done, month in enumerate(months, 1):
                found = [(one, digest_of(one)) for one in counted(survey, plan, month)]
                kept += actions.keep_values(city=row.city, found=found, by=row.by, at=at)
                actions.moved(refresh=refresh, months=len(months), done=done, kept=kept, at=clock())
        actions.ended(refresh=refresh, at=clock())
        actions.laid_out(city=row.city, by=row.by, at=at)
    except Refused as refusal:
        actions.ended(refresh=refresh, at=clock(), why=refusal.zh)
        raise
    except Exception as error:
        actions.ended(refresh=refresh, at=clock(), why=f"{type(error).__name__}: {error}"[:300])
        raise
    return kept
