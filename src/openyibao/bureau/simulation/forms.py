"""What is asked of whoever tries a reform 新建模拟表单: a year of bills, one or two scenarios, what is computed beside the figures.

A scenario is drafts (the policy desk's, the examples', an uploaded file) and new values typed into the table of the common parameters,
beginning on a day. The second scenario is the first from another day, or one of its own.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from openyibao.bureau.policymaking import queries as policymaking
from openyibao.bureau.policymaking.inputs import Wrong, value_of
from openyibao.bureau.simulation.actions import Options, Scenario
from openyibao.bureau.simulation.drafting import Draft, as_date, day_of, drafts_in, first_day, played_in, read, titles_of, written
from openyibao.bureau.simulation.places import Year
from openyibao.bureau.simulation.sliders import Group
from openyibao.policybook.book import Book, book_of, policies_root
from openyibao.policybook.leaf import Leaf, PolicyError, Scalar
from openyibao.policybook.read import read_text
from openyibao.policybook.tree import lineage, overlay_of
from openyibao.warehouse.simulate.behaviour import elasticity_of

LARGEST = 400_000
"""Bytes of an uploaded draft."""
SAME, OWN, NONE = "same", "own", "none"
"""What the second scenario is."""


class Choice(NamedTuple):
    """A draft to choose 可选草案: its value in the form, its names, since when it would be in force, where it stands."""

    value: str
    name: dict[str, str]
    starts: str
    state: str


class Filled(NamedTuple):
    """The form as it was filled in: scenarios where nothing is wrong, else what is wrong with which field."""

    scenarios: tuple[Scenario, ...]
    options: Options
    problems: dict[str, str]


def examples() -> Path:
    """The example drafts: the checkout's, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    checkout = here.parents[4] / "examples" / "drafts"
    return checkout if checkout.is_dir() else here.parents[2] / "_examples" / "drafts"


@lru_cache(maxsize=1)
def example_drafts() -> tuple[tuple[str, Draft], ...]:
    """Every example draft with its city."""
    found = []
    for path in sorted(examples().glob("*.yaml")):
        draft = Draft(path.name, path.read_text(encoding="utf-8"), "example")
        found.append((read(draft).header.get("city", ""), draft))
    return tuple(found)


def choices_of(city: str) -> list[Choice]:
    """The drafts that may be chosen for a city: the policy desk's, newest first, then the examples."""
    found = [
        Choice(f"desk/{one.pk}", {"zh": one.name, "en": one.name_en or one.name}, one.starts.isoformat(), one.state)
        for one in policymaking.drafts(city)
    ]
    for where, draft in example_drafts():
        if where == city:
            zh, en = titles_of([draft])
            day = first_day([draft])
            found.append(Choice(f"example/{draft.name}", {"zh": zh, "en": en}, as_date(day).isoformat(), ""))
    return found


def chosen(value: str, city: str) -> Draft:
    """A draft by its value in the form. Raises PolicyError for one that is not there."""
    kind, _slash, name = value.partition("/")
    if kind == "desk" and name.isdigit():
        try:
            title, text = policymaking.draft_file(int(name))
        except ObjectDoesNotExist:
            raise PolicyError(value, 1, "没有这份草案 | there is no such draft") from None
        return Draft(title, text, value)
    found = next((draft for where, draft in example_drafts() if where == city and f"example/{draft.name}" == value), None)
    if found is None:
        raise PolicyError(value, 1, "没有这份草案 | there is no such draft")
    return found._replace(origin=value)


def filled(post: QueryDict, files: MultiValueDict[str, Any], book: Book, at: Year, groups: tuple[Group, ...]) -> Filled:
    """Read the form: every fault beside its field, none hiding another."""
    problems: dict[str, str] = {}
    laid = tuple(Draft(name, text, "laid") for name, text in policymaking.laid_files(book.city))
    first = scenario("a", post, files, book, at, groups, laid, problems)
    scenarios = [first] if first is not None else []
    mode = post.get("second", NONE)
    if mode == SAME and first is not None:
        day = starts_of("b", post, at.year, problems)
        if day:
            again = played("b", drafts_of("a", post, files, book, at, groups, {}), book, at, day, laid, post, problems)
            scenarios += [again] if again is not None else []
        elif "b-starts" not in problems:
            problems["b-starts"] = _("请填写第二个方案自何日起。")
    elif mode == OWN:
        other = scenario("b", post, files, book, at, groups, laid, problems)
        scenarios += [other] if other is not None else []
    return Filled(tuple(scenarios), options_of(post, problems), problems)


def scenario(
    side: str, post: QueryDict, files: MultiValueDict[str, Any], book: Book, at: Year, groups: tuple[Group, ...], laid: tuple[Draft, ...],
    problems: dict[str, str],
) -> Scenario | None:  # fmt: skip
    """One scenario; None where something is wrong with it."""
    day = starts_of(side, post, at.year, problems)
    before = len(problems)
    drafts = drafts_of(side, post, files, book, at, groups, problems)
    if len(problems) > before:
        return None
    if not drafts:
        problems[f"{side}-drafts"] = _("还没有改动：请选一份草案、上传草案，或在下表填写新值。")
        return None
    return played(side, drafts, book, at, day, laid, post, problems)


def starts_of(side: str, post: QueryDict, year: int, problems: dict[str, str]) -> int:
    """The day a scenario begins, yyyymmdd; 0 = as its drafts say."""
    text = post.get(f"{side}-starts", "").strip()
    if not text:
        return 0
    try:
        day = day_of(text)
    except ValueError:
        problems[f"{side}-starts"] = _("日期不对。")
        return 0
    if day // 10_000 != year:
        problems[f"{side}-starts"] = _("请填 %(year)s 年内的日期：单据是这一年的。") % {"year": year}
    return day


def drafts_of(
    side: str, post: QueryDict, files: MultiValueDict[str, Any], book: Book, at: Year, groups: tuple[Group, ...], problems: dict[str, str]
) -> list[Draft]:
    """The drafts of a scenario: chosen, uploaded, and the table's new values as one more."""
    drafts: list[Draft] = []
    for value in post.getlist(f"{side}-drafts"):
        try:
            drafts.append(chosen(value, book.city))
        except PolicyError as problem:
            problems[f"{side}-drafts"] = str(problem)
    for upload in files.getlist(f"{side}-file"):
        if upload.size > LARGEST:
            problems[f"{side}-file"] = _("文件太大，草案不超过 %(size)s 字节。") % {"size": LARGEST}
            continue
        try:
            upload.seek(0)
            drafts.append(Draft(Path(upload.name).name[:80], upload.read().decode("utf-8"), "upload"))
        except UnicodeDecodeError:
            problems[f"{side}-file"] = _("文件不是 UTF-8 编码的文本。")
    values = typed_values(side, post, groups, problems)
    if values:
        day = starts_of(side, post, at.year, {}) or at.year * 10_000 + 101
        title = post.get(f"{side}-title", "").strip()[:60]
        text = written(book.city, title or "表中设定", title or "as set in the table", values, day)
        drafts.append(Draft("form.yaml", text, "form"))
    return drafts


def typed_values(side: str, post: QueryDict, groups: tuple[Group, ...], problems: dict[str, str]) -> list[tuple[Leaf, Scalar]]:
    """The new values of the table; a value equal to the one in force changes nothing and is left out."""
    found = []
    for group in groups:
        for row in group.rows:
            name = f"{side}-{row.field}"
            text = post.get(name, "").strip()
            if not text or text == row.typed:
                continue
            try:
                value = value_of(row.leaf.key, text)
            except Wrong as wrong:
                problems[name] = wrong.zh
                continue
            if value != row.value:
                found.append((row.leaf, value))
    return found


def played(
    side: str, drafts: list[Draft], book: Book, at: Year, day: int, laid: tuple[Draft, ...], post: Mapping[str, str],
    problems: dict[str, str],
) -> Scenario | None:  # fmt: skip
    """The scenario as it is played on the year, its policy tried once; None where the policy cannot be."""
    try:
        for draft in drafts:
            city = read(draft).header.get("city", "")
            if city != book.city:
                raise PolicyError(draft.name, 1, _("草案是为 %(city)s 写的。") % {"city": city or "?"})
        moved, starts = played_in(drafts, at.year, day)
        tried(book.city, laid, moved)
        zh, en = titles_of(drafts)
    except PolicyError as problem:
        problems[f"{side}-drafts"] = str(problem)
        return None
    title = post.get(f"{side}-title", "").strip() or post.get("a-title", "").strip()
    return Scenario(title or zh, title or en, moved, starts, first_day(drafts), laid)


def moved_scenario(reform: Mapping[str, Any], day: int, year: int) -> Scenario:
    """The reform that a run keeps, from another day. Raises PolicyError."""
    drafts, starts = played_in(drafts_in(reform), year, day)
    zh, en = reform["titles"]
    return Scenario(zh, en, drafts, starts, reform["said"], drafts_in(reform, "laid"))


def tried(city: str, laid: tuple[Draft, ...], drafts: tuple[Draft, ...]) -> Book:
    """The city's book with the drafts over it. Raises PolicyError where it cannot be settled with."""
    root = policies_root()
    over = (overlay_of(read_text(one.text, one.name), f"{place}") for place, one in enumerate((*laid, *drafts)))
    return book_of(root, city, (*lineage(root, city), *over), (), ())


def options_of(post: QueryDict, problems: dict[str, str]) -> Options:
    """What is computed beside the figures."""
    orders = post.get("orders", "all")
    elasticity = ""
    if post.get("behaviour"):
        words = [f"{name}={post[name].strip()}" for name in ("outpatient", "inpatient") if post.get(name, "").strip()]
        elasticity = ",".join(words) or "default"
        try:
            elasticity_of(elasticity)
        except ValueError:
            problems["behaviour"] = _("弹性看不懂：写 -0.3 这样的小数，在 -2 与 2 之间。")
    return Options(orders if orders in ("all", "given", "none") else "all", elasticity)
