"""The bureau of a test of paper claims."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bureau.claims.desk import sandbox


@pytest.fixture(scope="module")
def bureau(migrated_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Django on a copy of the sandbox, one for the module; the home folder."""
    home = tmp_path_factory.mktemp("home")
    with sandbox(migrated_template, home):
        yield home
