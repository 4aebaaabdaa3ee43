"""The benchmark's city, and its parts, for tests that need the whole server in a process of its own."""

import importlib
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def part(name: str):
    """A module of benchmarks/crash_parts."""
    if str(BENCHMARKS) not in sys.path:
        sys.path.append(str(BENCHMARKS))
    return importlib.import_module(f"crash_parts.{name}")


@pytest.fixture(scope="session")
def parts():
    """`part`, for tests."""
    return part


@pytest.fixture(scope="module")
def city():
    """A loaded city with its server running; everything of it ends with the module."""
    made = part("city").City()
    try:
        made.load()
        made.start()
        yield made
    finally:
        made.end()
