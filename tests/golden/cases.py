"""The golden cases as plain values: YAML parsed into claim fields, accumulators and expectations; nothing is settled here.

`cases()` yields every case, tables unrolled row by row and `under:` unrolled into one case per alternative reading. Money is fen, days
are yyyymmdd integers, words are the integers of `kernel.codes`. The shape of the YAML is described in README.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from golden import words
from openyibao.kernel import codes

HERE = Path(__file__).resolve().parent
ANY_LEVEL = codes.L2
"""The level of a bill that does not say one, because no figure of it depends on the level."""
POLICY = re.compile(r"(?P<city>[a-z]+)/(?P<scheme>employee|resident) on (?P<day>\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Step:
    """One bill of a case, or one other act: a reversal with replay, an allowance.

    claim     fields of kernel.claim.Claim by name (sums from `lines` are left to the reader of the lines)
    lines     fields of kernel.claim.Line by name, empty where the bill gives sums
    expect    national field -> fen; `outcome`, `admission`, `excess_sessions` as integers; `allowance` in fen
    after     accumulators after the bill, by Year name
    by_hand   national field -> formula in yuan, written from the document
    reverse   number of the step (from 1) that is reversed, 0 = none; `replayed` are (step, expect) of the later bills replayed;
              `strict` 0 = later bills stay as settled, only the accumulators are given back
    allowance {monthly_average: fen, days: n} where the step is a maternity allowance 生育津贴
    """

    claim: dict[str, int]
    lines: tuple[dict[str, int], ...] = ()
    line_expect: tuple[dict[str, int], ...] = ()
    expect: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    by_hand: dict[str, str] = field(default_factory=dict)
    reverse: int = 0
    replayed: tuple[tuple[int, dict[str, int]], ...] = ()
    strict: int = 1
    allowance: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One golden case: a person's year so far under one city's policy, and bills in order."""

    file: str
    name: str
    name_en: str
    city: str
    scheme: str
    readings: frozenset[str]
    rounding: int
    year: dict[str, int]
    steps: tuple[Step, ...]
    pins: tuple[str, ...] = ()
    repeated: bool = False  # the same figures on another day, which only our own policies state

    @property
    def title(self) -> str:
        """A name that is unique among all cases, for test ids."""
        return f"{self.file}: {self.name}"


def fen(text: Any) -> int:
    """Yuan as written, to fen; more than two decimals are a slip of the pen."""
    scaled = Decimal(str(text)) * 100
    if scaled != int(scaled):
        raise ValueError(f"{text} is not an amount in yuan with two decimals")
    return int(scaled)


def scaled(text: Any, unit: int) -> int:
    """A decimal string as a whole number of 1/unit."""
    value = Decimal(str(text)) * unit
    if value != int(value):
        raise ValueError(f"{text} does not fit into units of 1/{unit}")
    return int(value)


def day_number(text: Any) -> int:
    """2023-08-01 as 20230801; 0 stays 0."""
    return int(str(text).replace("-", ""))


def word(table: dict[str, int], text: Any, name: str) -> int:
    """The code of a word; an unknown word says which words there are."""
    if text not in table:
        raise ValueError(f"{name}: {text} is not one of {', '.join(table)}")
    return table[text]


def claim_field(name: str, value: Any) -> int:
    """One field of a claim from what the case writes."""
    if name in words.CLAIM_WORDS:
        return word(words.CLAIM_WORDS[name], value, name)
    if name in words.CLAIM_MONEY:
        return fen(value)
    if name in words.CLAIM_DAYS:
        return day_number(value)
    if name in words.CLAIM_FLAGS:
        return word(words.YES, value, name)
    if name in words.CLAIM_NUMBERS:
        return int(value)
    raise ValueError(f"{name} is not a field of a bill or person")


def filled_sums(claim: dict[str, int], has_lines: bool) -> dict[str, int]:
    """Total and parts made to agree: what is not given of `within` is the rest; what the total does not explain is 全自费."""
    if has_lines:
        return claim
    parts = sum(claim.get(name, 0) for name in ("full", "over", "pre"))
    if "within" not in claim:
        claim["within"] = claim["total"] - parts
    if "total" not in claim:
        claim["total"] = claim["within"] + parts
    unexplained = claim["total"] - claim["within"] - parts
    if unexplained:
        claim["full"] = claim.get("full", 0) + unexplained
    return claim


def line_of(row: dict[str, Any]) -> dict[str, int]:
    """One charge line: quantity, price, class, first self-pay share, ceiling, marks."""
    line = {
        "quantity": scaled(row["quantity"], 10_000), "price": scaled(row["price"], 1_000_000),
        "item_class": word(words.CLASSES, row["class"], "class"),
    }
    if "self_pay" in row:
        line["self_pay"] = scaled(row["self_pay"], codes.WHOLE)
    if "ceiling" in row:
        line["ceiling"] = scaled(row["ceiling"], 1_000_000)
    return line | {mark: word(words.YES, row[mark], mark) for mark in ("restricted", "dual_channel", "consultation") if mark in row}


def line_figures(row: dict[str, Any]) -> dict[str, int]:
    """What a line is expected to split into, fen."""
    return {name: fen(amount) for name, amount in row.get("expect", {}).items()}


def year_of(given: dict[str, Any], day: int) -> dict[str, int]:
    """Accumulators by Year name; the year number is that of the policy day unless given."""
    year = {"year": day // 10000}
    for name, value in given.items():
        if name == "admissions_at":
            year["admissions_by_level"] = sum(count << (8 * words.LEVELS[level]) for level, count in value.items())
        elif name == "stay_level":
            year[name] = word(words.LEVELS, value, name)
        elif name == "stay_left":
            year[name] = day_number(value)
        else:
            year[name] = int(value) if name in words.YEAR_NUMBERS else fen(value)
    return year


def expected(given: dict[str, Any]) -> dict[str, int]:
    """Expectations by national field in fen, outcome and counts as integers."""
    result = {}
    for name, value in given.items():
        if name == "outcome":
            result[name] = word(words.OUTCOMES, value, name)
        elif name in words.COUNTED:
            result[name] = int(value)
        elif name in words.NATIONAL or name == "allowance":
            result[name] = fen(value)
        else:
            raise ValueError(f"expect: {name} is not a national amount field")
    return result


def step_of(case: dict[str, Any], step: dict[str, Any], scheme: str, day: int, reading: str) -> Step:
    """A step under the default readings (reading = "") or under one alternative."""
    under = step.get("under", {})
    wanted = under.get(reading, {}) if reading else step.get("expect", {})
    after = {} if reading else {key: value for key, value in year_of(step.get("after", {}), day).items() if key in step.get("after", {})}
    if "allowance" in step:
        paid = {"monthly_average": fen(step["allowance"]["monthly_average"]), "days": int(step["allowance"]["days"])}
        return Step({}, expect=expected(wanted), allowance=paid)
    if "reverse" in step:
        replayed = tuple((int(row["step"]), expected(row["expect"])) for row in step.get("replayed", []))
        strict = word(words.YES, step.get("strict", "是"), "strict")
        return Step({}, expect=expected(wanted), after=after, reverse=int(step["reverse"]), replayed=replayed, strict=strict)
    given = case.get("person", {}) | case.get("bill", {}) | step.get("person", {}) | step["bill"]
    rows = given.pop("lines", [])
    claim = {"scheme": words.SCHEMES[scheme], "day": day, "level": ANY_LEVEL}
    claim |= {name: claim_field(name, value) for name, value in given.items()}
    by_hand = {name: str(formula) for name, formula in step.get("by_hand", {}).items()} if not reading else {}
    return Step(
        filled_sums(claim, bool(rows)), tuple(line_of(row) for row in rows), tuple(line_figures(row) for row in rows),
        expected(wanted), after, by_hand,
    )


def case_of(file: str, raw: dict[str, Any], steps: list[dict[str, Any]], reading: str, suffix: str = "") -> Case:
    """One case with its steps, under the case's own readings and one more."""
    match = POLICY.fullmatch(raw["policy"])
    if match is None:
        raise ValueError(f"{file}: policy {raw['policy']!r} is not written as city/scheme on YYYY-MM-DD")
    day = day_number(match["day"])
    readings = frozenset(raw.get("readings", [])) | ({reading} if reading else frozenset())
    return Case(
        file, raw["name"] + suffix + (f"［{reading}］" if reading else ""), raw["name_en"], match["city"], match["scheme"], readings,
        words.ROUNDINGS[raw.get("rounding", "四舍五入")], year_of(raw.get("year", {}), day),
        tuple(step_of(raw, step, match["scheme"], day, reading) for step in steps), tuple(raw.get("pins", [])),
        raw.get("repeated", False),
    )


def table_rows(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(suffix, raw case, step) of each row of a compact table: columns are fields of the bill, the year, or national fields."""
    columns = raw["table"]["columns"]
    for number, row in enumerate(raw["table"]["rows"], 1):
        cells = dict(zip(columns, row, strict=True))
        expect = {name: value for name, value in cells.items() if name in (*words.NATIONAL, *words.COUNTED, "outcome")}
        earlier = {name[5:]: value for name, value in cells.items() if name.startswith("year.")}
        bill = {name: value for name, value in cells.items() if name not in (*expect, "by_hand") and not name.startswith("year.")}
        by_hand = {raw["table"].get("by_hand_for", "hifp_pay"): cells["by_hand"]} if cells.get("by_hand") else {}
        label = " ".join(str(value) for value in row[: raw["table"].get("label", 1)])
        yield f" #{number} {label}", raw | {"year": raw.get("year", {}) | earlier}, {"bill": bill, "expect": expect, "by_hand": by_hand}


def on_each_day(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The case itself, and the same case on each day of `again_on`."""
    yield raw
    for day in raw.get("again_on", []):
        policy = raw["policy"].rpartition(" ")[0]
        names = {"name": f"{raw['name']}（{day}）", "name_en": f"{raw['name_en']} ({day})"}
        yield raw | names | {"policy": f"{policy} {day}", "repeated": True}


def cases_in(file: str, text: str) -> Iterator[Case]:
    """All cases of one file's text."""
    for raw in (dated for one in yaml.safe_load(text) for dated in on_each_day(one)):
        if "table" in raw:
            for suffix, filled, step in table_rows(raw):
                yield case_of(file, filled, [step], "", suffix)
            continue
        keys = ("bill", "expect", "under", "after", "by_hand")
        steps = raw.get("steps") or [{key: raw[key] for key in keys if key in raw}]
        yield case_of(file, raw, steps, "")
        for reading in dict.fromkeys(name for step in steps for name in step.get("under", {})):
            yield case_of(file, raw, steps, reading)


def cases(folder: Path = HERE) -> Iterator[Case]:
    """Every case under the folder, files in name order."""
    for path in sorted(folder.glob("*/*.yaml")):
        yield from cases_in(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
