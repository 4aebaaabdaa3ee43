"""Where the server keeps a city's store 年度库, and which years it has: looked at without loading what reads it."""

from pathlib import Path

from django.conf import settings


def store_folder(city: str) -> Path:
    """A city's store."""
    return Path(settings.HOME) / "warehouse" / city


def years_of(city: str) -> list[int]:
    """The years of bills of a city's store; none where there is no store."""
    return sorted(int(place.name.partition("=")[2]) for place in (store_folder(city) / "bill").glob("year=*"))
