"""The search over everything 全局查找: a person, a bill, an institution, a clause of the policy; each only to whom it is open."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.staff.rights import Rights
from openyibao.bureau.statement.queries import seen_persons, visible
from openyibao.policybook.tree import SCHEMES

MOST = 20
"""Rows shown of each kind."""
LEAST = 2
"""Letters below which nothing is looked for: one letter finds everything."""


class Hit(NamedTuple):
    """One thing found: where it is, what it is called, a word beside it."""

    link: str
    words: str
    note: str = ""


class Kind(NamedTuple):
    """The hits of one kind 人员、结算单、机构、条款."""

    title: Any
    rows: list[Hit]


def found(asked: str, rights: Rights, city: str) -> list[Kind]:
    """What a reader with these rights finds; kinds without a hit are left out. `city`: whose policy is searched, a folder's name."""
    text = asked.strip()
    if len(text) < LEAST:
        return []
    kinds = (
        Kind(_("参保人"), persons(text, rights) if rights.may("person.see") else []),
        Kind(_("结算单"), bills(text, rights) if rights.may("bill.see") else []),
        Kind(_("定点机构"), institutions(text, rights) if rights.may("bill.see") else []),
        Kind(_("政策条款"), clauses(text, city) if rights.may("policy.see") else []),
    )
    return [kind for kind in kinds if kind.rows]


def persons(text: str, rights: Rights) -> list[Hit]:
    """People by number, or by their whole name. The name is masked: whose record it is shows only with a purpose given."""
    named = seen_persons(rights).filter(Q(psn_no=text) | Q(name=text), merged_into="")
    year = timezone.localdate().year
    return [
        Hit(reverse("person-year", args=[row.psn_no, year]), f"{row.psn_no} {masked(row.name)}",
            _("%(year)s 年生") % {"year": row.brdy.year})
        for row in named.order_by("psn_no")[:MOST]
    ]


def masked(name: str) -> str:
    """A name with all but its first sign hidden 脱敏."""
    return name[:1] + "*" * (len(name) - 1)


def bills(text: str, rights: Rights) -> list[Hit]:
    """A settlement by its number or its visit's."""
    if not text.isdigit() or len(text) > 18:
        return []
    rows = visible(rights).filter(Q(setl_id=int(text)) | Q(mdtrt_id=int(text)))
    return [
        Hit(reverse("bill", args=[row.setl_id]), str(row.setl_id), f"{row.day} {row.fixmedins_code}")
        for row in rows.order_by("-setl_id")[:MOST]
    ]


def institutions(text: str, rights: Rights) -> list[Hit]:
    """Institutions by code or part of the name; the link opens their bills."""
    rows = Institution.objects.filter(Q(fixmedins_code__startswith=text) | Q(name__icontains=text))
    if rights.institution:
        rows = rows.filter(fixmedins_code=rights.institution)
    return [
        Hit(f"{reverse('bills')}?{urlencode({'institution': row.fixmedins_code})}", row.name, row.fixmedins_code)
        for row in rows.order_by("fixmedins_code")[:MOST]
    ]


def clauses(text: str, city: str) -> list[Hit]:
    """Parameters of the city's policy in whose name, key or clause every word asked for stands."""
    words = re.split(r"[\s,，、]+", text.casefold())
    hits: list[Hit] = []
    for key, said, note in spoken(city):
        if all(word in said for word in words):
            hits.append(Hit(reverse("policy-parameter", args=[city, key]), note, key))
            if len(hits) == MOST:
                break
    return hits


def spoken(city: str) -> Iterator[tuple[str, str, str]]:
    """Every parameter of a city: its key, all that is said of it in small letters, its name."""
    book = books()[city]
    seen = set()
    for scheme in SCHEMES:
        for entries in book.tables[scheme].values():
            for _rank, leaf in entries[:1]:
                if leaf.key not in seen:
                    seen.add(leaf.key)
                    sources = " ".join(value.source for value in leaf.values)
                    yield leaf.key, f"{leaf.key} {leaf.name} {leaf.name_en} {sources}".casefold(), leaf.name
