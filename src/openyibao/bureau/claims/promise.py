"""The promised day 办结期限 of a paper claim, and the right of appeal that a rejection names: data of promise.yaml."""

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("promise.yaml")
SATURDAY = 5


@lru_cache(maxsize=1)
def promise() -> dict[str, Any]:
    """The promise as the file says it: days, clause, trust, appeal."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def promised(day: date, days: int | None = None) -> date:
    """The last day of the promise for a claim that came on `day`: so many working days later."""
    left = promise()["days"] if days is None else days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day
