"""What a parameter's own page shows 参数页: its entry, the layers of benefit that use it, and what other cities say."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from openyibao.bureau.policymaking.entries import Entry, entries_on, said_of
from openyibao.policybook.book import Book
from openyibao.policybook.tree import SCHEMES, Found, found_on
from openyibao.policybook.units import UNITS

LAYERS: Mapping[str, tuple[str, str]] = {
    "rounding": ("舍入", "Rounding"), "scope": ("明细归集（甲乙丙、限价、先行自付）", "Scoping of charge lines"),
    "pool": ("住院统筹支付", "Inpatient pooled payment"), "outpatient": ("普通门诊统筹支付", "Ordinary outpatient payment"),
    "two_disease": ("两病门诊支付", "Two-disease payment"), "chronic": ("慢特病门诊支付", "Chronic outpatient payment"),
    "dual_channel": ("双通道药品支付", "Dual-channel payment"), "maternity": ("生育支付", "Maternity payment"),
    "dialysis": ("血透包干支付", "Dialysis package"), "offsite": ("异地就医降低", "Off-site reduction"),
    "large": ("职工大额支付", "Large-amount layer"), "catastrophic": ("大病保险支付", "Catastrophic insurance"),
    "civil": ("公务员补助", "Civil-servant supplement"), "aid": ("医疗救助", "Medical aid"), "poverty": ("脱贫倾斜", "Tilt for the poor"),
    "epidemic": ("应急规则", "Emergency rules"), "added_1": ("惠民保第一层", "City supplementary, layer 1"),
    "added_2": ("惠民保第二层", "City supplementary, layer 2"), "added_3": ("企业补充", "Employer's plan"),
    "account": ("个人账户支付", "Personal account"), "readings": ("口径", "Readings"),
}  # fmt: skip


class Other(NamedTuple):
    """What another city says of the same parameter."""

    city: str
    name: dict[str, str]
    found: Found | None

    @property
    def value(self) -> dict[str, str]:
        """In words."""
        return said_of(self.found) if self.found is not None else {"zh": "未载", "en": "does not say"}


def parameter_entry(book: Book, key: str, day: int) -> Entry | None:
    """The entry of a key on a day: of this very key, else of the same parameter and scheme; None where nothing stands."""
    parts = key.split(".")
    plain, scheme = ".".join((parts[0], *parts[2:])), parts[1]
    same = [entry for entry in entries_on(book, day) if entry.plain == plain]
    return next((entry for entry in same if entry.key == key), None) or next(
        (entry for entry in same if scheme == "both" or entry.scheme in (scheme, "both")), None
    )


def layers_using(book: Book, schemes: Iterable[str], plain: str, day: int) -> list[dict[str, Any]]:
    """The layers of benefit whose figures rest on a parameter on a day."""
    found: dict[str, set[str]] = {}
    for code, word in SCHEMES.items():
        frozen = book.frozen(code, day) if word in schemes else None
        for path, entries in (frozen.cited if frozen else {}).items():
            if any(entry.leaf.key.split(".")[0] + "." + ".".join(entry.leaf.key.split(".")[2:]) == plain for entry in entries):
                found.setdefault(path.split(".")[0].split("[")[0], set()).add(word)
    words = {"employee": ("职工", "employees"), "resident": ("居民", "residents")}
    return [
        {"zh": f"{zh}（{'、'.join(words[one][0] for one in sorted(found[layer]))}）",
         "en": f"{en} ({', '.join(words[one][1] for one in sorted(found[layer]))})"}
        for layer, (zh, en) in LAYERS.items() if layer in found
    ]  # fmt: skip


def neighbours(books: Mapping[str, Book], plain: str, scheme: str, day: int) -> list[Other]:
    """What every city says on the day, for one scheme."""
    code = next(code for code, word in SCHEMES.items() if word == scheme)
    return [
        Other(book.city, {"zh": book.name, "en": book.name_en}, found_on(book.tables[code], plain, day))
        for book in sorted(books.values(), key=lambda one: one.admdvs)
    ]


def chart_of(others: Iterable[Other], unit: str, lang: str) -> dict[str, Any] | None:
    """The cities' figures as bars; None where they are no figures or fewer than two."""
    form = UNITS[unit].form
    rows: list[list[Any]] = []
    for one in others:
        value = one.found.value.value if one.found is not None else None
        if value is not None and not isinstance(value, (bool, tuple)) and form in ("money", "decimal", "integer"):
            rows.append([one.name[lang], round(float(value) * (100 if unit == "ratio" else 1), 4)])
    words = UNITS[unit].en if lang == "en" else UNITS[unit].zh
    city = "City" if lang == "en" else "城市"
    return {"columns": [city, words or ("Figure" if lang == "en" else "数值")], "rows": rows, "unit": words} if len(rows) > 1 else None
