"""The first two administrators of a new installation come from the command line, and nobody after them."""

from datetime import UTC, datetime

import pytest
from django.test import override_settings
from typer.testing import CliRunner

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.accounts import checked, first_administrator
from openyibao.bureau.staff.models import Act, Officer
from openyibao.bureau.staff.rights import arrange_roles, rights_of
from openyibao.cli.main import app
from signed import QUICK, client_as

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("django_database")


@pytest.fixture(autouse=True)
def quick():
    """Passwords are hashed quickly."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        yield


def test_two_are_made_and_a_third_is_refused():
    client_as("administrator")       # a demo's administrators are nobody's
    passwords = [first_administrator(login=login, name=login, at=AT) for login in ("hu.q", "tan.x")]
    assert checked("hu.q", passwords[0], demo=False) and not checked("hu.q", passwords[1], demo=False)
    row = Officer.objects.get(login="tan.x")
    assert rights_of(row).may("staff.edit") and row.password_at is None and row.factor is None
    with pytest.raises(Refused) as refused:
        first_administrator(login="third", name="third", at=AT)
    assert refused.value.code == "STAFF-11" and Act.objects.filter(what="staff.first").count() == 2


@pytest.mark.parametrize("login", ["first", "a b", "x", "é" * 5])
def test_a_login_that_is_taken_or_will_not_do_is_refused(login):
    arrange_roles()
    first_administrator(login="first", name="first", at=AT)
    with pytest.raises(Refused) as refused:
        first_administrator(login=login, name="x", at=AT)
    assert refused.value.code == "STAFF-06"


def test_the_command_prints_the_password_once(django_database):
    done = CliRunner().invoke(app, ["administrator", "first", "胡清"])
    assert done.exit_code == 0, done.output
    login, password = done.output.splitlines()[0].split()
    assert login == "first" and checked("first", password, demo=False)
    again = CliRunner().invoke(app, ["administrator", "first", "胡清"])
    assert again.exit_code == 2 and "STAFF" not in again.output.splitlines()[0]
