"""The town that the tests of this folder attack, one for all of them; and what honest hospitals said in it."""

from collections.abc import Iterator

import pytest

from openyibao.outside.hospital.cast import load_cast, shipped
from security.fuzz import rehearsed
from security.town import Town


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """A running town; it ends with the session."""
    made = Town()
    try:
        yield made.open()
    finally:
        made.end()


@pytest.fixture(scope="session")
def cast():
    """Who plays."""
    return load_cast(shipped(), "jishou")


@pytest.fixture(scope="session")
def honest(town, cast):
    """(memory, corpus) of the conformance cases, played before anything is attacked."""
    return rehearsed(town, cast)
