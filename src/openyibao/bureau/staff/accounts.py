"""Accounts 账号: checking a password, making and changing officers, demo accounts. Every change is an act in the log."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.models import Officer, Post, Role
from openyibao.bureau.staff.rights import Act, Rights
from openyibao.bureau.staff.rights import acts as all_acts

DEMO = Path(__file__).with_name("demo.yaml")
DEMO_PASSWORD = "openyibao-demo"
"""Of all demo accounts; a server that is not in demo mode refuses them."""
ONCE = 12
"""Letters of a one-time password."""


def checked(login: str, password: str, *, demo: bool) -> Officer | None:
    """The officer whose login and password these are, None otherwise; costs the same time for an unknown login."""
    officer = Officer.objects.select_related("post").filter(login=login).first()
    if officer is None:
        make_password(password)
        return None
    right = officer.check_password(password)
    return officer if right and officer.is_active and (demo or not officer.demo) else None


def set_password(officer: Officer, password: str, *, at: datetime) -> None:
    """A new password; the officer's other sessions end with it."""
    officer.set_password(password)
    officer.password_at = at
    officer.save(update_fields=["password", "password_at"])
    acted(officer=officer.login, what="staff.password", object=f"officer/{officer.login}", at=at)


@transaction.atomic
def keep_officer(row: Officer | None, said: Mapping[str, Any], *, by: Rights, at: datetime) -> str:
    """Make or change an officer; a one-time password for a new one, else empty.

    Raises Refused STAFF-06 when the login is taken, STAFF-07 when one would change the own account.
    """
    if row is not None and row.login == by.login:
        raise Refused(
            "STAFF-07", "不能修改自己的岗位和权限。", "Nobody changes the own post and rights.", place="login",
            next_zh="请由另一位系统管理岗办理。", next_en="Another administrator must do it.",
        )
    taken = Officer.objects.filter(login=said["login"]).exclude(pk=row.pk if row else None).exists()
    if taken:
        raise Refused(
            "STAFF-06", f"账号 {said['login']} 已存在。", f"The login {said['login']} is taken.", place="login",
            next_zh="请换一个账号。", next_en="Choose another one.",
        )
    password, found = "", row or Officer()
    before = {"post": found.post_id, "is_active": found.is_active} if row else {}
    for field in ("login", "name", "post", "psn_no", "relatives", "is_active"):
        setattr(found, field, said[field])
    if row is None:
        password = secrets.token_urlsafe(ONCE)[:ONCE]
        found.set_password(password)
    found.save()
    acted(officer=by.login, what="staff.change" if row else "staff.make", object=f"officer/{found.login}", at=at,
          detail={"before": before, "after": {"post": found.post_id, "is_active": found.is_active}})
    return password


@transaction.atomic
def make_demo() -> None:
    """Demo accounts 演示账号, one a post, as demo.yaml names them."""
    for code, words in yaml.safe_load(DEMO.read_text(encoding="utf-8")).items():
        post, _ = Post.objects.update_or_create(code=code, defaults={
            "name": words["name"], "name_en": words["name_en"], "room": words.get("room", "demo"), "admdvs": words.get("admdvs", ""),
            "area": words.get("area", ""), "institution": words.get("institution", ""), "guided": words.get("guided", ""),
        })  # fmt: skip
        post.roles.set(Role.objects.filter(code__in=words["roles"]))
        Officer.objects.update_or_create(login=code, defaults={
            "name": words["officer"], "post": post, "demo": True, "psn_no": words.get("psn_no", ""), "is_active": True,
            "password": make_password(DEMO_PASSWORD),
        })  # fmt: skip


def acts_in_words(rights: Rights) -> list[Act]:
    """What somebody may do, as the account page lists it."""
    return [act for code, act in all_acts().items() if code in rights.acts]
