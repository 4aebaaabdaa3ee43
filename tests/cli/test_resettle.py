"""`openyibao resettle` at the terminal: the tables, the recorded policy, a draft, what it refuses, stopping and going on."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openyibao.cli import resettle as command
from openyibao.cli.main import app
from openyibao.warehouse.run.driver import read_card
from warehouse.made_store import made_store

DRAFTS = Path(__file__).parents[2] / "examples" / "drafts"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with an invented Ankang of two years."""
    place = tmp_path_factory.mktemp("home")
    made_store(place / "warehouse" / "ankang", "ankang", people=400, years=(2022, 2023))
    return place


def run(home: Path, *words: str, code: int = 0) -> str:
    """What the command prints."""
    found = CliRunner().invoke(app, ["resettle", "--home", str(home), *words])
    assert found.exit_code == code, found.output
    return found.output


def test_the_recorded_policy_differs_on_no_bill(home):
    text = run(home, "--city", "ankang", "--year", "2022-2023")
    assert text.count("逐分相同") == 2 and "安康市 2023 年：居民" in text and "核对：" in text
    folder = home / "warehouse" / "ankang" / "runs" / "recorded"
    assert str(folder) in text
    assert {"2022", "2023"} <= set(read_card(folder))
    assert "其中 2 个早已完成" in run(home, "--city", "ankang", "--year", "2022-2023")


def test_a_draft_moves_sums_and_its_marks_are_told(home, tmp_path):
    words = ("--city", "ankang", "--year", "2023", "--policy", str(DRAFTS / "ankang-retirees.yaml"), "--out", str(tmp_path / "run"))
    text = run(home, *words, "--lang", "en")
    assert "settle otherwise than recorded" in text and "parameters in play" in text and "illustrative" in text
    card = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))["2023"]
    assert card["totals"]["fund"] != card["recorded"]["fund"] and card["changed"] > 0
    assert f"{card['changed']:,}" in text
    other = ("--city", "ankang", "--year", "2023", "--readings", "cap_counts_all_outpatient", "--out", str(tmp_path / "run"))
    assert "--again" in run(home, *other, code=2)
    assert "--again" not in run(home, *words, "--again", "--no-compare", "--workers", "1")


def test_totals_alone_write_no_files(home):
    before = sorted((home / "warehouse" / "ankang").rglob("*"))
    text = run(home, "--city", "ankang", "--year", "2023", "--totals-only", "--readings", "offsite_all_layers")
    assert "未写文件" in text
    after = [path for path in sorted((home / "warehouse" / "ankang").rglob("*")) if path not in before]
    assert all(path.suffix == ".npz" for path in after)


def test_policies_that_have_moved_since_are_told(home, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(home / "warehouse" / "ankang", store)
    kept = store / "policy" / "year=2023.npz"
    kept.write_bytes((store / "policy" / "year=2022.npz").read_bytes())
    words = ("--city", "ankang", "--year", "2023", "--store", str(store), "--totals-only", "--policy", str(DRAFTS / "ankang-retirees.yaml"))
    assert "政策文件已与本年记录的政策不同" in run(home, *words)
    assert "政策文件已与本年记录的政策不同" not in run(home, *words[:4], *words[6:])


@pytest.mark.parametrize(("words", "said"), [
    (("--city", "ankang", "--year", "2021"), "没有 2021 年的单据"),
    (("--city", "ankang", "--year", "twenty"), "2022-2023"),
    (("--city", "ankang", "--year", "2023-2022"), "2022-2023"),
    (("--city", "ankang", "--year", "2022-2023", "--totals-only"), "--totals-only"),
    (("--city", "wuhan", "--year", "2023"), "city.json"),
    (("--city", "ankang", "--year", "2023", "--policy", "nowhere.yaml"), "nowhere.yaml"),
    (("--city", "ankang", "--year", "2023", "--readings", "nothing_such"), "nothing_such"),
    (("--city", "ankang", "--year", "2023", "--cluster", "http://x"), "http://x"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_ends_with_2(home, words, said):
    assert said in run(home, *words, code=2).replace("\n", "")


def test_a_store_of_another_city_is_refused(home):
    text = run(home, "--city", "wuhan", "--year", "2023", "--store", str(home / "warehouse" / "ankang"), code=2)
    assert "ankang" in text and "wuhan" in text


def test_stopped_it_says_how_to_go_on(home, tmp_path, monkeypatch):
    def stop(*_: object) -> object:
        def at(done: int, buckets: int, bills: int) -> None:
            raise KeyboardInterrupt

        return at

    monkeypatch.setattr(command, "progress_to", stop)
    words = ("--city", "ankang", "--year", "2023", "--out", str(tmp_path / "run"), "--workers", "1")
    assert "再次运行同一命令接着做" in run(home, *words, code=130)
    assert "totals" not in read_card(tmp_path / "run")["2023"]
    monkeypatch.undo()
    assert "其中 1 个早已完成" in run(home, *words)
