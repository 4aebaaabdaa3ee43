"""A change in words 变更对照: field by field, before and after, with names instead of codes."""

from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.staff.models import Change, Post, Role

FIELDS = {
    "name": _("姓名或名称"), "name_en": _("英文名称"), "post": _("岗位"), "psn_no": _("本人人员编号"), "relatives": _("近亲属人员编号"),
    "is_active": _("可以登录"), "room": _("科室"), "admdvs": _("所属区划"), "area": _("可见区划"), "institution": _("定点机构"),
    "office": _("责任部门"), "guided": _("首页引导"), "roles": _("角色"),
}  # fmt: skip


class Difference(NamedTuple):
    """One field: before, after, whether they differ."""

    title: Any
    before: str
    after: str
    differs: bool


def differences(row: Change) -> list[Difference]:
    """Every field of a change; those that differ are marked."""
    names = names_of(row)
    return [
        Difference(title, worded(row.before.get(field), names), worded(row.after.get(field), names),
                   row.before.get(field) != row.after.get(field))
        for field, title in FIELDS.items() if field in row.after
    ]  # fmt: skip


def names_of(row: Change) -> dict[str, str]:
    """The names of the posts and roles that a change speaks of."""
    english = (get_language() or "").startswith("en")
    posts = {said.get("post", "") for said in (row.before, row.after)}
    roles = {code for said in (row.before, row.after) for code in said.get("roles", ())}
    found: list[Any] = [*Post.objects.filter(code__in=posts), *Role.objects.filter(code__in=roles)]
    return {one.code: one.name_en if english and one.name_en else one.name for one in found}


def worded(value: Any, names: dict[str, str]) -> str:
    """A value as one would say it."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return "、".join(str(names.get(one, one)) for one in value)
    return "" if value is None else names.get(value, str(value))
