"""The example pages under docs/examples are what their figures print; nobody types a figure there."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from openyibao.warehouse.simulate.outcome import from_json

FOLDER = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_example", FOLDER / "write.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("template", sorted(FOLDER.glob("*.md.jinja")), ids=lambda template: template.stem)
def test_a_page_is_what_its_figures_print(template: Path, writer: ModuleType) -> None:
    outcome = from_json((FOLDER / f"{template.name.split('.')[0]}.json").read_text(encoding="utf-8"))
    page = template.with_suffix("").read_text(encoding="utf-8")
    assert writer.printed(template, outcome) == page, f"run `python docs/examples/write.py {template.name.split('.')[0]}`"
    assert outcome.attribution is not None and outcome.totals.fund.change
    for row in (row for one in outcome.dimensions if one.key == "status" for row in one.rows):
        assert f"{row.lose:,}" in page
