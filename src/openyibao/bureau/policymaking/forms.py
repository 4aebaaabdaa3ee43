"""Forms of policies in the making 政策调整表单: a new draft, and the lines of a draft as they were typed."""

from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policymaking.drafted import Change, is_known, leaf_of
from openyibao.bureau.policymaking.entries import said_of
from openyibao.bureau.policymaking.inputs import Asked, Wrong, asked_of, value_of
from openyibao.policybook.book import Book
from openyibao.policybook.folio import dashed
from openyibao.policybook.leaf import Scalar
from openyibao.policybook.tree import SCHEMES, found_on
from openyibao.policybook.units import TRUST
from openyibao.policybook.words import scheme_words, subject_words, value_words

MOST_BYTES = 200_000
SOURCE = "政策调整草案"
"""What stands as the source of a value for which no document is named yet."""


class NewDraft(forms.Form):
    """A new draft 新建草案."""

    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("例如：提高退休人员门诊报销比例"))
    name_en = forms.CharField(label=_("英文名称"), max_length=100, required=False)
    city = forms.ChoiceField(label=_("统筹区"))
    starts = forms.DateField(label=_("自哪天起执行"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    why = forms.CharField(label=_("调整理由"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label=_("草案文件（可选）"), required=False, help_text=_("与政策文件同一格式的 YAML，例如模拟用过的草案"))

    def __init__(self, *args: Any, cities: list[tuple[str, str]], **more: Any) -> None:
        """Offer these cities."""
        super().__init__(*args, **more)
        self.fields["city"] = forms.ChoiceField(label=_("统筹区"), choices=cities)

    def clean_file(self) -> str:
        """The file's text."""
        found = self.cleaned_data.get("file")
        if not found:
            return ""
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 200 KB，不像是政策草案。"))
        try:
            return str(found.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("文件不是 UTF-8 文本。")) from None


class Line(NamedTuple):
    """One change as it stands in the form 一行调整."""

    place: int
    change: Change
    asked: Asked
    now: dict[str, str]  # what is in force on the day
    whose: dict[str, str]
    typed: str
    since: str
    problems: tuple[dict[str, str], ...]
    trusts: tuple[tuple[str, dict[str, str]], ...]

    @property
    def name(self) -> dict[str, str]:
        """The parameter's name."""
        return {"zh": self.change.name, "en": self.change.name_en}

    @property
    def new(self) -> dict[str, str]:
        """The new value in words."""
        if self.change.ended:
            return {"zh": "终止", "en": "ended"}
        return {lang: value_words(self.change.value, self.change.unit, self.change.key, lang) for lang in ("zh", "en")}


TRUSTS = (
    ("illustrative", {"zh": "拟议，尚无文件", "en": "proposed, no document yet"}),
    ("doc", {"zh": "已有公开文件", "en": "public document"}),
    ("seed", {"zh": "规划载明", "en": "stated in the plan"}),
)
"""Marks that a drafter may give."""


def standing(book: Book, key: str, day: int) -> tuple[Scalar, dict[str, str]] | None:
    """What is in force of a parameter on a day: the value and its words; None where nothing stands."""
    parts = key.split(".")
    plain = ".".join((parts[0], *parts[2:]))
    for code, word in SCHEMES.items():
        if parts[1] in (word, "both"):
            found = found_on(book.tables[code], plain, day)
            if found is not None:
                return found.value.value, said_of(found)
    return None


def line_of(book: Book, place: int, change: Change, typed: str = "", since: str = "", problems: tuple[Wrong, ...] = ()) -> Line:
    """A change as a line of the form."""
    now = standing(book, change.key, change.since)
    asked = asked_of(change.key, change.value)
    words = tuple({"zh": one.zh, "en": one.en} for one in problems)
    subject, scheme = change.key.split(".")[:2]
    whose = {lang: f"{subject_words(subject, lang)} · {scheme_words(scheme, lang)}" for lang in ("zh", "en")}
    trusts = TRUSTS if any(change.trust == mark for mark, _ in TRUSTS) else (
        *TRUSTS, (change.trust, {"zh": TRUST[change.trust][0], "en": TRUST[change.trust][1]})
    )
    return Line(place, change, asked, now[1] if now else {"zh": "未载", "en": "not stated"}, whose, typed or asked.typed,
                since or dashed(change.since), words, trusts)


class Typed(NamedTuple):
    """The lines of a form that was sent."""

    changes: list[Change]
    lines: list[Line]
    good: bool


def typed_lines(book: Book, before: list[Change], sent: QueryDict) -> Typed:
    """What was typed into the lines of a draft: a line that cannot be taken keeps what was typed and says why."""
    changes: list[Change] = []
    lines: list[Line] = []
    good = True
    for place, change in enumerate(before):
        if f"value-{place}" not in sent or sent.get(f"remove-{place}"):
            continue
        typed, since = sent[f"value-{place}"], sent.get(f"since-{place}", "")
        problems: list[Wrong] = []
        value, day = change.value, change.since
        try:
            value = change.value if change.ended else value_of(change.key, typed)
        except Wrong as wrong:
            problems.append(wrong)
        try:
            day = number(date.fromisoformat(since))
        except ValueError:
            problems.append(Wrong("日期写法不对", "this is no day"))
        trust = sent.get(f"trust-{place}", change.trust)
        source = sent.get(f"source-{place}", "").strip()[:200] or SOURCE
        made = change._replace(value=value, since=day, source=source, trust=trust if trust in TRUST else change.trust)
        if any((one.key, one.since) == (made.key, made.since) for one in changes):
            problems.append(Wrong("同一参数同一天已有一行", "the same parameter has a line for this day"))
        good = good and not problems
        changes.append(made)
        lines.append(line_of(book, len(lines), made, typed, since, tuple(problems)))
    return Typed(changes, lines, good)


def added(books: dict[str, Book], city: str, key: str, day: int) -> Change | None:
    """A new line for a parameter, beginning with what is in force; of another city's words where this one does not state it."""
    if not is_known(key):
        return None
    for book in (books[city], *books.values()):
        leaf = leaf_of(book, key)
        if leaf is not None:
            now = standing(book, key, day) or standing(book, leaf.key, day)
            value = now[0] if now else leaf.values[-1].value
            return Change(key, leaf.name, leaf.name_en, leaf.unit, day, value, SOURCE, "illustrative")
    return None
