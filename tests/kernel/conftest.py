"""The books of the five cities are loaded once for all properties, not once per scheme and day as `drawn.plan` asks for them."""

from collections.abc import Iterator
from functools import cache

import pytest

import drawn


@pytest.fixture(scope="session", autouse=True)
def books_loaded_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "load_book", cache(drawn.load_book))
        yield
