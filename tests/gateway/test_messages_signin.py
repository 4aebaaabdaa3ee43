"""Signing in and out: 9001, 9002."""

from datetime import timedelta

import pytest

from gateway.asking import NOW, ask
from openyibao.bureau.providers.models import SignIn
from openyibao.bureau.refused import Refused
from openyibao.gateway.messages.signin import HANDLERS


def sign_in(**kwargs):
    return ask(HANDLERS, "9001", {"signIn": {"opter_no": "001", "mac": "00-11", "ip": "127.0.0.1"}}, **kwargs)["signinoutb"]


def sign_out(number, opter="001", **kwargs):
    return ask(HANDLERS, "9002", {"signOut": {"sign_no": number, "opter_no": opter}}, **kwargs)


def test_a_sign_in_has_a_number_of_its_own_and_beijing_time(django_database):
    first, second = sign_in(), sign_in()
    assert first["sign_time"] == "2026-03-10 09:30:00"
    assert isinstance(first["sign_no"], str)
    assert first["sign_no"] != second["sign_no"]


def test_a_password_is_not_kept(django_database):
    ask(HANDLERS, "9001", {"data": {"userid": "001", "password": "secret"}})
    assert "secret" not in str(SignIn.objects.values().get())


def test_a_sign_out_ends_the_sign_in_once(django_database):
    number = sign_in()["sign_no"]
    assert sign_out(number)["sign_time"] == "2026-03-10 09:30:00"
    with pytest.raises(Refused) as refused:
        sign_out(number)
    assert refused.value.code == "SIGN-03"


@pytest.mark.parametrize(("change", "code"), [
    ({"opter": "002"}, "SIGN-01"), ({"institution": "H42100099002"}, "SIGN-01"), ({"at": NOW + timedelta(days=1)}, "SIGN-02"),
])
def test_a_sign_out_of_another_or_of_another_day_is_refused(django_database, change, code):
    number = sign_in()["sign_no"]
    with pytest.raises(Refused) as refused:
        sign_out(number, **change)
    assert refused.value.code == code


def test_a_number_that_is_none_is_refused(django_database):
    with pytest.raises(Refused, match="不是操作员"):
        sign_out("25483774x")
