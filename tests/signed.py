"""Clients that have signed in, for tests of pages: through the real sign-in, with the demo accounts of staff/demo.yaml.

    client_as("policy")                             by login, as on the sign-in page
    client_as("settlement_clerk")                   by role: the first demo account that has it
    client_as("settlement_clerk", area="433130")    an officer of its own, whose post differs in these fields

Needs the fixture `django_database`. `client.officer` is the login. Passwords are hashed quickly here: only the server's own are slow.
"""

from itertools import count
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings

from openyibao.bureau.staff.accounts import DEMO, DEMO_PASSWORD, make_demo
from openyibao.bureau.staff.models import Officer, Post, Role
from openyibao.bureau.staff.rights import arrange_roles

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNTS = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
OF_THE_OFFICER = ("psn_no", "relatives", "language", "large_type", "name")
numbers = count(1)


class DemoClient(Client):
    """A client of a server in demo mode, whatever the settings say."""

    officer = ""

    def request(self, **request: Any) -> Any:
        """One request."""
        with override_settings(DEMO=True, PASSWORD_HASHERS=QUICK):
            return super().request(**request)


def client_as(role_or_login: str, **post: Any) -> DemoClient:
    """A client signed in as a demo account, by its login or by a role; `post` changes fields of its post or of the officer."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        if not Role.objects.exists():
            arrange_roles()
        if not Officer.objects.filter(demo=True).exists():
            make_demo()
        login = login_of(role_or_login)
        if post:
            login = another(login, post)
    client = DemoClient(SERVER_NAME="localhost")
    answer = client.post("/sign-in", {"login": login, "password": DEMO_PASSWORD})
    assert answer.status_code == 302 and "code" not in answer["Location"], answer.content.decode()[:500]
    client.officer = login
    return client


def login_of(role_or_login: str) -> str:
    """The login of a demo account: itself, or the first whose post has the role."""
    if role_or_login in ACCOUNTS:
        return role_or_login
    return next(login for login, words in ACCOUNTS.items() if role_or_login in words["roles"])


def another(login: str, changes: dict[str, Any]) -> str:
    """An officer like a demo account's, on a post of the own that differs in some fields; gives the new login."""
    like = Post.objects.get(pk=login)
    roles = list(like.roles.all())
    officer = Officer.objects.get(login=login)
    code = f"{login}.{next(numbers)}"
    like.pk = code
    for field, value in changes.items():
        if field not in OF_THE_OFFICER:
            like._meta.get_field(field)
            setattr(like, field, value)
    like.save(force_insert=True)
    like.roles.set(roles)
    own = {"name": officer.name, "psn_no": officer.psn_no, **{name: value for name, value in changes.items() if name in OF_THE_OFFICER}}
    Officer.objects.create(login=code, post=like, demo=True, password=make_password(DEMO_PASSWORD), **own)
    return code


def open_client() -> DemoClient:
    """A client that has not signed in."""
    return DemoClient(SERVER_NAME="localhost")
