"""Accounts 账号: checking a password, changing the own one, demo accounts. Officers and posts are changed in `changes.py`."""

import re
from datetime import datetime
from pathlib import Path

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import changes, sessions
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.models import Officer, Post, Role
from openyibao.bureau.staff.rights import Act, Rights
from openyibao.bureau.staff.rights import acts as all_acts

DEMO = Path(__file__).with_name("demo.yaml")
DEMO_PASSWORD = "openyibao-demo"
"""Of all demo accounts; a server that is not in demo mode refuses them."""
ADMINISTRATOR = "administrator"
FIRST = 2
"""Administrators that the command line makes: as many as confirm each other's changes."""
LOGIN = re.compile(r"[A-Za-z0-9_.-]{3,40}")


def checked(login: str, password: str, *, demo: bool) -> Officer | None:
    """The officer whose login and password these are, None otherwise; costs the same time for an unknown login."""
    officer = Officer.objects.select_related("post").filter(login=login).first()
    if officer is None:
        make_password(password)
        return None
    right = officer.check_password(password)
    return officer if right and officer.is_active and (demo or not officer.demo) else None


@transaction.atomic
def set_password(officer: Officer, password: str, *, at: datetime) -> None:
    """A new password; every session of the officer ends with it."""
    officer.set_password(password)
    officer.password_at = at
    officer.save(update_fields=["password", "password_at"])
    sessions.end_others(officer)
    acted(officer=officer.login, what="staff.password", object=f"officer/{officer.login}", at=at)


@transaction.atomic
def first_administrator(*, login: str, name: str, at: datetime) -> str:
    """Make one of the first two administrators; gives the password for one use. Others are made at the site, two confirming each other.

    Raises Refused STAFF-06 when the login is taken or will not do, STAFF-11 when there are two administrators already.
    """
    role = Role.objects.get(code=ADMINISTRATOR)
    there = Officer.objects.filter(post__roles=role, is_active=True, demo=False).distinct().count()
    if there >= FIRST:
        raise Refused(
            "STAFF-11", "已有两名系统管理员。", "There are two administrators already.", place="login",
            next_zh="请由他们在“人员与岗位”新增。", next_en="They make others at the site, under staff and posts.",
        )
    if not LOGIN.fullmatch(login) or Officer.objects.filter(login=login).exists():
        raise Refused(
            "STAFF-06", f"账号 {login} 已存在或不合规则。", f"The login {login} is taken or will not do.", place="login",
            next_zh="请换一个：3 至 40 位字母、数字或 _ . -", next_en="Choose another one: 3 to 40 letters, digits or _ . -",
        )
    post, made = Post.objects.get_or_create(code=ADMINISTRATOR, defaults={
        "name": role.name, "name_en": role.name_en, "room": "staff", "admdvs": "", "area": "",
    })  # fmt: skip
    if made:
        post.roles.set([role])
    password = changes.one_time_password()
    officer = Officer(login=login, name=name, post=post)
    officer.set_password(password)
    officer.save()
    acted(officer="command line", what="staff.first", object=f"officer/{login}", at=at)
    return password


@transaction.atomic
def make_demo() -> None:
    """Demo accounts 演示账号, one a post, as demo.yaml names them."""
    password = make_password(DEMO_PASSWORD)     # everybody knows it: hashed once for all
    for code, words in yaml.safe_load(DEMO.read_text(encoding="utf-8")).items():
        post, _ = Post.objects.update_or_create(code=code, defaults={
            "name": words["name"], "name_en": words["name_en"], "room": words.get("room", "demo"), "admdvs": words.get("admdvs", ""),
            "area": words.get("area", ""), "institution": words.get("institution", ""), "office": words.get("office", ""),
            "guided": words.get("guided", ""),
        })  # fmt: skip
        post.roles.set(Role.objects.filter(code__in=words["roles"]))
        Officer.objects.update_or_create(login=code, defaults={
            "name": words["officer"], "post": post, "demo": True, "psn_no": words.get("psn_no", ""), "is_active": True,
            "password": password, "relatives": words.get("relatives", []),
        })  # fmt: skip


def acts_in_words(rights: Rights) -> list[Act]:
    """What somebody may do, as the account page lists it."""
    return [act for code, act in all_acts().items() if code in rights.acts]
