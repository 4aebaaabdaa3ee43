"""What a command's options open 打开: policies by city with readings, overlays and rule sets; people; bills with a progress bar."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from openyibao.cli.console import bar, fail
from openyibao.cli.texts import say
from openyibao.kernel.plan import Readings
from openyibao.policybook.book import Book, PolicyError, load_book, policies_root
from openyibao.policybook.tree import city_codes
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.messages import TRIALS
from openyibao.warehouse.bills.people import NOBODY, People, read_people
from openyibao.warehouse.bills.problems import FileProblem, Problem, missing, unknown_code
from openyibao.warehouse.bills.reading import BillFile, read_bills
from openyibao.warehouse.bills.settled import Policy
from openyibao.warehouse.bills.values import day

AUTO = ("", "auto")


class Asked(NamedTuple):
    """The options that shape a policy."""

    city: str
    readings: tuple[str, ...]
    overlays: tuple[Path, ...]
    rule_sets: tuple[tuple[str, int, int], ...]


def names_of(readings: str) -> tuple[str, ...]:
    """`a,b` as names of readings, or exit 2 with the names there are."""
    names = tuple(part.strip() for part in readings.replace("，", ",").split(",") if part.strip())
    for name in names:
        if name not in Readings._fields:
            known = " ".join(Readings._fields)
            fail(f"没有口径 {name}；可用：{known}", f"There is no reading {name}; known: {known}")
    return names


def rule_set(text: str) -> tuple[str, int, int]:
    """`name:from:to` as (name, first day, first day no longer in force), or exit 2."""
    parts = text.split(":")
    try:
        if len(parts) != 3 or not parts[0]:
            raise ValueError
        return parts[0], day("from", parts[1]), day("to", parts[2])
    except (ValueError, Problem):
        fail(f"--rule-set {text} 应写成 名称:起始日:终止日，如 covid-2020:20200125:20210101。",
             f"Write --rule-set {text} as name:from:to, for example covid-2020:20200125:20210101.")


def open_book(asked: Asked) -> Book:
    """The book of a city, or exit 2 with the policy's own complaint."""
    try:
        return load_book(policies_root(), asked.city, readings=asked.readings, overlays=asked.overlays, rule_sets=asked.rule_sets)
    except PolicyError as error:
        fail(f"政策读不出：{asked.city}", f"The policy of {asked.city} cannot be used:", str(error))


class Policies:
    """The policy of each bill: the command's city, or the city that the bill names; each book is loaded once."""

    def __init__(self, asked: Asked) -> None:
        """Load the command's city at once, so that a wrong name fails before any reading."""
        self.asked = asked
        self.fixed = asked.city not in AUTO
        self.cities = () if self.fixed else tuple(city_codes(policies_root()))
        self.loaded: dict[str, Policy] = {}
        if self.fixed:
            self.policy(asked.city)

    def policy(self, city: str) -> Policy:
        """The policy of a city."""
        if city not in self.loaded:
            self.loaded[city] = Policy(city, open_book(self.asked._replace(city=city)))
        return self.loaded[city]

    def of(self, bill: Bill) -> Policy:
        """The policy of a bill; raises Problem when nothing names its city."""
        if self.fixed:
            return self.policy(self.asked.city)
        if not bill.city:
            raise missing("city", "（统筹区），命令也没有 --city", " (whose policy settles it), and the command names no --city")
        if bill.city not in self.cities:
            raise unknown_code("city", bill.city, " ".join(self.cities))
        return self.policy(bill.city)


def spec(text: str, readings: tuple[str, ...], rule_sets: tuple[tuple[str, int, int], ...]) -> Policy:
    """A policy to compare: `city`, `city+overlay.yaml`, `city~reading,reading`, `city@day`, or several of these in that order."""
    rest, _, fixed = text.partition("@")
    rest, _, own = rest.partition("~")
    city, *overlays = rest.split("+")
    try:
        fixed_day = day("policy", fixed) if fixed else 0
    except Problem as problem:
        fail(problem.zh, problem.en)
    missing_files = [name for name in overlays if not Path(name).is_file()]
    if missing_files:
        fail(f"找不到叠加文件 {missing_files[0]}。", f"There is no overlay file {missing_files[0]}.")
    asked = Asked(city, readings + names_of(own), tuple(Path(name) for name in overlays), rule_sets)
    return Policy(text, open_book(asked), fixed_day)


def open_people(path: Path | None) -> People:
    """The people file, or nobody, or exit 2."""
    if path is None:
        return NOBODY
    try:
        return read_people(path)
    except FileProblem as problem:
        fail(problem.zh, problem.en)


def open_bills(path: Path, lang: str, level: str) -> BillFile:
    """The bill file, or exit 2."""
    defaults = {"level": level} if level else {}
    try:
        size = path.stat().st_size if path.is_file() else 1
        with bar(say(lang, "reading"), size) as shown:
            return read_bills(path, shown.at, defaults)
    except FileProblem as problem:
        fail(problem.zh, problem.en)


def other_cities(file: BillFile, *cities: str) -> int:
    """How many bills name a city that is none of these."""
    return sum(isinstance(event, Bill) and event.city not in ("", *cities) for event in file.bills)


def trial_lines(file: BillFile) -> frozenset[int]:
    """Lines of trial settlements, which leave nothing in the year."""
    return frozenset(line for line, request in file.messages.items() if str(request.get("infno")) in TRIALS)


def asked_for(city: str | None, readings: str, overlays: Sequence[Path], rule_sets: Sequence[str]) -> Asked:
    """The policy options as one value."""
    for overlay in overlays:
        if not overlay.is_file():
            fail(f"找不到叠加文件 {overlay}。", f"There is no overlay file {overlay}.")
    return Asked(city or "", names_of(readings), tuple(overlays), tuple(rule_set(text) for text in rule_sets))


Requests = Mapping[int, Mapping[str, object]]
