"""Messages that hospitals really sent, at our door; replies that platforms really gave, against ours key by key and type by type."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET_B, Bill, noon, of

town = playing.town

SAMPLES = Path(os.environ.get("OPENYIBAO_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "reference" / "fsi" / "samples.jsonl"
RECORDED = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()] if SAMPLES.exists() else []
pytestmark = pytest.mark.skipif(not RECORDED, reason="the recorded messages lie beside the repository and are not there")

REQUESTS = [one for one in RECORDED if one["kind"] == "request"]
ANSWERED = ("2201", "2204", "2206", "2207", "2208", "2303", "2304", "2305", "2301", "2401", "2402", "1101")
REPLIES = [one for one in RECORDED if one["kind"] == "reply" and one["infno"] in ANSWERED and isinstance(one["body"].get("output"), dict)]
H1, JISHOU = "H43310199001", "433101000000000000000000"


@pytest.mark.parametrize("sample", REQUESTS, ids=lambda sample: sample["id"])
def test_a_recorded_request_is_answered(town, sample):
    said = town.post(sample["body"])
    code = str(said.body["infcode"])
    assert said.status == 200 and code == "-1"  # their institutions are not in our register
    assert "DOOR-99" not in said.why and "DOOR-52" not in said.why
    known = sample["body"] | {"fixmedins_code": H1, "mdtrtarea_admvs": "433101"}
    said = town.post(known)
    words = said.body["err_msg"] or ""
    assert "DOOR-99" not in words and "DOOR-52" not in words
    expect = " ".join(sample.get("expect", ()))
    if "error" in expect:
        assert said.why
    if "unknown transaction" in expect:
        assert "DOOR-31" in said.why or "DOOR-32" in said.why  # P0001 is in the national list and not served
    if sample["infno"] == "5303":
        assert said.fine


def leaves(value: Any, path: str = "") -> dict[str, set[str]]:
    """Every leaf's path and JSON types; rows of a list are one."""
    found: dict[str, set[str]] = {}
    pairs = value.items() if isinstance(value, dict) else (("", one) for one in value) if isinstance(value, list) else ()
    for name, inner in pairs:
        for place, types in leaves(inner, f"{path}.{name}" if name else f"{path}[]").items():
            found.setdefault(place, set()).update(types)
    if not isinstance(value, dict | list):
        kind = (
            "number"
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
            else "text"
            if isinstance(value, str)
            else "null"
        )
        found[path] = {kind}
    return found


@pytest.fixture(scope="module")
def ours(town):
    """Our own output by number."""
    found: dict[str, Any] = {}
    psn_no = town.newcomer(JISHOU + "01")
    visit = Bill(town, psn_no, EMPLOYEE, H1, noon("2025-03-03"), charges=(of(TABLET_B, 900),))
    found["2201"] = visit.call("2201", visit.registration()).output
    visit.register().charge()
    found["2204"], found["2206"], found["2207"] = {"result": visit.rows}, visit.try_().output, visit.settle().output
    found["2208"] = visit.undo().output
    stay = Bill(town, psn_no, EMPLOYEE, H1, noon("2025-03-03"), noon("2025-03-05"), "2101", charges=(of(TABLET_B, 9000),)).ready()
    found["2301"], found["2303"], found["2304"] = {"result": stay.rows}, stay.try_().output, stay.settle().output
    found["2305"] = stay.undo().output
    found["2402"] = found["2401"] = None
    given = {
        "data": {
            "mdtrt_cert_type": "02",
            "mdtrt_cert_no": "990101196801170519",
            "card_sn": "",
            "begntime": "2025-03-03 10:00:00",
            "psn_cert_type": "01",
            "certno": "990101196801170519",
            "psn_name": "齐强",
        }
    }
    found["1101"] = town.call("1101", given, H1).output
    return found


@pytest.mark.parametrize("sample", REPLIES, ids=lambda sample: f"{sample['id']}-{sample['infno']}")
def test_a_recorded_replys_keys_are_ours_with_the_same_types(ours, sample):
    mine = ours[sample["infno"]]
    if mine is None:
        return
    theirs, got = leaves(sample["body"]["output"]), leaves(mine)
    told = {path.rsplit(".", 1)[-1] for path in got}
    absent = sorted(path for path in theirs if path.rsplit(".", 1)[-1] not in told and "null" not in theirs[path])
    assert absent == [], absent
    for path, types in theirs.items():
        if path in got and "null" not in types and "null" not in got[path]:
            assert types & got[path] or sample["place"] in ("Hunan", "Sichuan"), (path, types, got[path])
