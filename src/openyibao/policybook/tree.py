"""Regions laid over each other 层级: the nation, a province, a city, then overlays; one value per key and day for each scheme.

A folder of `policies/` with a `meta.yaml` is a region; `extends` names the region beneath it. On a day the most local region that has a
value in force decides; where its entry has ended, the region beneath speaks again.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.policybook.leaf import Leaf, NoPolicies, Problem, Value, value_on
from openyibao.policybook.parameters import without_scheme
from openyibao.policybook.read import LOADER, Content, read_file, unreadable

META = "meta.yaml"
ALTERNATIVES = "alternatives"
KINDS = ("nation", "province", "city")
META_KEYS = {"kind", "name", "name_en", "extends", "province", "pooling", "plan_document", "open_questions"}
SCHEMES = {EMPLOYEE: "employee", RESIDENT: "resident"}
NAME = re.compile(r"[a-z][a-z0-9_-]*")


class Region(NamedTuple):
    """One folder: who it is and what its files say."""

    code: str
    kind: str
    name: str
    name_en: str
    extends: str
    open_questions: tuple[str, ...]
    contents: tuple[Content, ...]
    problems: tuple[Problem, ...]

    @property
    def leaves(self) -> Iterator[Leaf]:
        """Every leaf of the region's files, in file order."""
        return (leaf for content in self.contents for leaf in content.leaves)


class Found(NamedTuple):
    """A leaf and its entry in force on the day asked; `rank` is higher the more local it is."""

    leaf: Leaf
    value: Value
    rank: int


Table = dict[str, tuple[tuple[int, Leaf], ...]]
"""Key without scheme -> the leaves that speak of it, most local first, each with its rank."""


def shown(root: Path, path: Path) -> str:
    """A file's name as findings print it: from the policies folder on."""
    return f"{root.name}/{path.relative_to(root).as_posix()}" if path.is_relative_to(root) else str(path)


def city_codes(root: Path) -> list[str]:
    """The folders of `policies/` that are cities, by name."""
    return [path.parent.name for path in sorted(root.glob(f"*/{META}")) if meta_of(path).get("kind") == "city"]


def need_regions(root: Path) -> None:
    """Raise NoPolicies, naming the folder, when the policies folder is missing or holds no region."""
    if not root.is_dir():
        zh, en = "没有这个政策文件夹，请核对环境变量 OPENYIBAO_POLICIES", "there is no such policies folder; see OPENYIBAO_POLICIES"
        raise NoPolicies(str(root), 0, f"{zh} | {en}")
    if not any(root.glob(f"*/{META}")):
        zh = f"政策文件夹里没有任何地区（含 {META} 的子文件夹），请核对环境变量 OPENYIBAO_POLICIES"
        en = f"the policies folder holds no region (a folder with a {META}); see OPENYIBAO_POLICIES"
        raise NoPolicies(str(root), 0, f"{zh} | {en}")


def meta_of(path: Path) -> dict[str, object]:
    """A region's meta file as plain values; empty when it does not parse (`read_region` reports that)."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def read_region(root: Path, code: str) -> Region:
    """One folder with all its files; what is wrong with any of them is in `problems`."""
    folder = root / code
    meta = meta_of(folder / META)
    problems = meta_problems(root, folder, meta)
    contents = [read_file(path, shown(root, path)) for path in sorted(folder.glob("*.yaml")) if path.name != META]
    for content in contents:
        problems += [*content.problems, *misplaced(content)]
    problems += twice(contents)
    asked = meta.get("open_questions")
    questions = tuple(str(line) for line in asked) if isinstance(asked, list) else ()
    name, name_en = str(meta.get("name", code)), str(meta.get("name_en", code))
    extends = str(meta.get("extends") or "")
    return Region(code, str(meta.get("kind", "")), name, name_en, extends, questions, tuple(contents), tuple(problems))


def meta_problems(root: Path, folder: Path, meta: dict[str, object]) -> list[Problem]:
    """What is wrong with a region's meta file."""
    path = folder / META
    file = shown(root, path)
    if not path.is_file():
        return [Problem(file, 1, f"no region {folder.name}: a region is a folder with a {META}; there are {', '.join(city_codes(root))}")]
    try:
        yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        return [unreadable(file, fault)]
    found = [Problem(file, 1, f"unknown key {key}; a region has {', '.join(sorted(META_KEYS))}") for key in meta if key not in META_KEYS]
    if meta.get("kind") not in KINDS:
        found.append(Problem(file, 1, f"kind must be one of {', '.join(KINDS)}"))
    if meta.get("kind") != "nation" and not (root / str(meta.get("extends")) / META).is_file():
        found.append(Problem(file, 1, f"extends {meta.get('extends')}, which is no region"))
    return found


def misplaced(content: Content) -> list[Problem]:
    """Leaves that stand in the file of another subject."""
    stem = content.file.rsplit("/", 1)[-1].removesuffix(".yaml")
    return [
        Problem(content.file, leaf.line, f"{leaf.key} belongs in {leaf.key.split('.')[0]}.yaml")
        for leaf in content.leaves
        if leaf.key.split(".")[0] != stem
    ]


def twice(contents: list[Content]) -> list[Problem]:
    """The same key in two files of one region."""
    first: dict[str, Leaf] = {}
    found = []
    for leaf in (leaf for content in contents for leaf in content.leaves):
        if leaf.key in first:
            earlier = first[leaf.key]
            found.append(Problem(leaf.file, leaf.line, f"{leaf.key} stands twice, first in {earlier.file}:{earlier.line}; keep one"))
        first.setdefault(leaf.key, leaf)
    return found


def lineage(root: Path, city: str) -> list[Region]:
    """The regions a city rests on, the widest first, the city last. A ring of `extends` is cut and reported."""
    regions: list[Region] = []
    code = city if NAME.fullmatch(city) else "?"
    while code:
        region = read_region(root, code)
        if any(region.code == seen.code for seen in regions):
            ring = Problem(f"{root.name}/{city}/{META}", 1, f"extends comes back to {code}")
            regions[-1] = regions[-1]._replace(problems=(*regions[-1].problems, ring))
            break
        regions.append(region)
        code = region.extends if region.kind in KINDS else ""
    return regions[::-1]


def read_overlay(path: Path) -> Region:
    """A draft reform 叠加文件: a file of leaves laid over a city."""
    return overlay_of(read_file(path), path.stem)


def overlay_of(content: Content, code: str) -> Region:
    """A draft reform that was read already, from a file or from a text."""
    name = content.header.get("name", code)
    problems = (*content.problems, *twice([content]))
    return Region(code, "overlay", name, content.header.get("name_en", name), content.header.get("city", ""), (), (content,), problems)


def table_of(layers: Iterable[Region], scheme: int) -> Table:
    """What the layers say of one scheme, most local first; a leaf of the scheme goes before one of both schemes."""
    table: dict[str, list[tuple[int, Leaf]]] = {}
    for depth, layer in enumerate(layers):
        for leaf in layer.leaves:
            split = without_scheme(leaf.key)
            if split is not None and split[0] in ("both", SCHEMES[scheme]):
                table.setdefault(split[1], []).append((2 * depth + (split[0] != "both"), leaf))
    return {key: tuple(sorted(leaves, key=lambda pair: -pair[0])) for key, leaves in table.items()}


def found_on(table: Table, key: str, day: int) -> Found | None:
    """The one entry in force for a key on a day, or None."""
    for rank, leaf in table.get(key, ()):
        value = value_on(leaf, day)
        if value is not None and not value.ended:
            return Found(leaf, value, rank)
    return None


def days_of(table: Table) -> list[int]:
    """Every day on which some entry starts or ends, ascending."""
    return sorted({value.since for leaves in table.values() for _, leaf in leaves for value in leaf.values})
