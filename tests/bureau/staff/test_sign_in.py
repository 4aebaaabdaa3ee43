"""Signing in: password, second factor, throttling, when a session ends, what a one-time password lets one do."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session as Stored
from django.test import Client, override_settings
from django.utils import timezone

from openyibao.bureau.staff import signing
from openyibao.bureau.staff.accounts import DEMO_PASSWORD, make_demo
from openyibao.bureau.staff.models import Act, Officer, Post, Role, Session, SignIn
from openyibao.bureau.staff.rights import arrange_roles
from signed import QUICK, client_as, open_client

pytestmark = pytest.mark.usefixtures("django_database")
AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def quick():
    """Passwords are hashed quickly."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        yield


@pytest.fixture
def officer():
    """An officer who has not signed in yet: no demo account, no second factor, a password of her own."""
    arrange_roles()
    post = Post.objects.create(code="audit", name="审计", name_en="Audit", room="staff", admdvs="433101")
    post.roles.set(Role.objects.filter(code="auditor"))
    return Officer.objects.create(login="wang", name="王审计", post=post, password=make_password(PASSWORD), password_at=AT)


def tried(client, password=PASSWORD, login="wang", follow=""):
    """One try to sign in."""
    return client.post("/sign-in", {"login": login, "password": password, "next": follow})


def code_of(secret, steps=0):
    """The code of now, or of some steps from now."""
    return pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30 * steps))


def signed_in(officer, client=None):
    """A client that has shown both factors; the factor is set up before."""
    client = client or Client(SERVER_NAME="localhost")
    secret = signing.new_secret()
    signing.keep_secret(officer, secret)
    tried(client)
    answer = client.post("/sign-in/code", {"code": code_of(secret)})
    assert answer.status_code == 302
    return client


def test_without_signing_in_a_page_leads_to_the_sign_in_page_and_back(officer):
    client = Client(SERVER_NAME="localhost")
    answer = client.get("/logs/acts?what=staff")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Flogs%2Facts%3Fwhat%3Dstaff")
    signing.keep_secret(officer, secret := signing.new_secret())
    assert tried(client, follow="/logs/acts?what=staff")["Location"] == "/sign-in/code?next=%2Flogs%2Facts%3Fwhat%3Dstaff"
    answer = client.post("/sign-in/code", {"code": code_of(secret), "next": "/logs/acts?what=staff"})
    assert answer["Location"] == "/logs/acts?what=staff"
    assert client.get("/logs/acts?what=staff").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/\\evil.example"])
def test_signing_in_never_leads_to_somebody_elses_site(target):
    client = client_as("guest")
    assert client.get("/sign-in", {"next": target})["Location"] == "/"


def test_a_wrong_login_and_a_wrong_password_look_the_same(officer):
    said = [tried(Client(SERVER_NAME="localhost"), *words) for words in (("wrong", "wang"), ("wrong", "nobody"))]
    assert [one.status_code for one in said] == [400, 400]
    texts = [one.content.decode().replace("nobody", "wang").split("form-label")[0] for one in said]
    assert "账号或密码不对" in texts[0] and "账号或密码不对" in texts[1]
    assert list(SignIn.objects.order_by("id").values_list("login", "outcome")) == [("wang", "wrong"), ("nobody", "wrong")]


def test_the_password_alone_opens_nothing_but_the_second_factor(officer):
    client = Client(SERVER_NAME="localhost")
    assert tried(client)["Location"].startswith("/sign-in/code")
    assert client.get("/")["Location"].startswith("/sign-in")
    assert client.get("/me")["Location"].startswith("/sign-in")
    assert not Session.objects.exists()


def test_the_second_factor_is_set_up_with_a_code_that_works(officer):
    client = Client(SERVER_NAME="localhost")
    tried(client)
    page = client.get("/sign-in/code").content.decode()
    secret = client.session["new-secret"]
    assert secret in page and "<svg" in page
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 400
    officer.refresh_from_db()
    assert officer.factor is None
    assert client.post("/sign-in/code", {"code": code_of(secret)}).status_code == 302
    officer.refresh_from_db()
    assert signing.secret_of(officer) == secret and secret.encode() not in bytes(officer.factor)
    assert client.get("/").status_code == 200


def test_a_code_is_taken_once_and_an_old_one_never(officer):
    secret = signing.new_secret()
    signing.keep_secret(officer, secret)
    code = pyotp.TOTP(secret).at(AT)
    assert signing.is_code(officer, code, AT)
    officer.refresh_from_db()
    assert not signing.is_code(officer, code, AT + timedelta(seconds=10)), "the same code again"
    assert not signing.is_code(officer, pyotp.TOTP(secret).at(AT - timedelta(seconds=30)), AT), "an earlier one after it"
    assert signing.is_code(officer, pyotp.TOTP(secret).at(AT + timedelta(seconds=30)), AT)
    assert not signing.is_code(officer, pyotp.TOTP(secret).at(AT + timedelta(minutes=5)), AT)


def test_a_replayed_code_is_refused_at_the_page(officer):
    secret = signing.new_secret()
    signing.keep_secret(officer, secret)
    code = code_of(secret)
    first, second = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    for client in (first, second):
        tried(client)
    assert first.post("/sign-in/code", {"code": code}).status_code == 302
    assert second.post("/sign-in/code", {"code": code}).status_code == 400
    assert second.get("/").status_code == 302
    assert SignIn.objects.filter(outcome="factor", login="wang").count() == 1


def test_wrong_tries_wait_longer_each_time_and_a_right_one_ends_it(officer):
    for number in range(1, 9):
        signing.noted(login="wang", address="1.2.3.4", outcome="wrong", at=AT + timedelta(seconds=number))
    now = AT + timedelta(seconds=9)
    assert signing.wait_of("wang", "9.9.9.9", now).seconds == 30 * 2**3
    assert signing.wait_of("other", "1.2.3.4", now).seconds == 0, "a hospital's windows share one address"
    assert signing.wait_of("wang", "9.9.9.9", now + timedelta(hours=2)).seconds == 0
    signing.noted(login="wang", address="1.2.3.4", outcome="in", at=now)
    assert signing.wait_of("wang", "9.9.9.9", now).seconds == 0


def test_an_address_that_tries_many_logins_waits(officer):
    for number in range(signing.ADDRESS_FREE + 1):
        signing.noted(login=f"guess{number}", address="1.2.3.4", outcome="wrong", at=AT + timedelta(seconds=number))
    now = AT + timedelta(seconds=60)
    assert signing.wait_of("fresh", "1.2.3.4", now).seconds > 0
    assert signing.wait_of("fresh", "1.2.3.5", now).seconds == 0


def test_the_page_makes_one_wait_even_with_the_right_password(officer):
    for _ in range(signing.FREE):
        assert tried(Client(SERVER_NAME="localhost"), "wrong").status_code == 400
    answer = tried(Client(SERVER_NAME="localhost"))
    assert answer.status_code == 429 and "秒后再试" in answer.content.decode()
    assert SignIn.objects.filter(outcome="throttled").count() == 1


def test_behind_a_proxy_the_address_is_the_callers(officer):
    client, form = Client(SERVER_NAME="localhost"), {"login": "wang", "password": "x"}
    with override_settings(BEHIND_PROXY=True):
        client.post("/sign-in", form, headers={"X-Forwarded-For": "6.6.6.6, 7.7.7.7"})
    client.post("/sign-in", form, headers={"X-Forwarded-For": "6.6.6.6"})
    assert list(SignIn.objects.order_by("id").values_list("address", flat=True)) == ["7.7.7.7", "127.0.0.1"]


@pytest.mark.parametrize(("field", "age"), [("seen", signing.IDLE), ("began", signing.WHOLE)])
def test_a_session_ends_when_idle_and_after_a_working_day(officer, field, age):
    client = signed_in(officer)
    assert client.get("/").status_code == 200
    session = client.session
    session[field] -= age.total_seconds() + 1
    session.save()
    answer = client.get("/me/acts")
    assert answer["Location"] == "/sign-in?next=%2Fme%2Facts"
    assert "会话已到期" in client.get("/sign-in").content.decode()
    assert client.get("/").status_code == 302
    assert SignIn.objects.filter(outcome="expired").count() == 1 and not Session.objects.exists()


def test_signing_out_ends_the_session(officer):
    client = signed_in(officer)
    assert client.get("/sign-out").status_code == 405, "a link alone must not sign anybody out"
    client.post("/sign-out")
    assert client.get("/").status_code == 302 and not Session.objects.exists()


def test_a_new_password_ends_every_other_session(officer):
    first = signed_in(officer)
    Officer.objects.filter(pk=officer.pk).update(factor_used=0)
    second = signed_in(officer)
    new = "quite another password"
    assert second.post("/me", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert second.get("/").status_code == 200
    assert first.get("/").status_code == 302
    assert Session.objects.count() == 1 and tried(Client(SERVER_NAME="localhost")).status_code == 400
    assert Act.objects.filter(what="staff.password", officer="wang").count() == 1


@pytest.mark.parametrize(("said", "problem"), [
    ({"old": "wrong", "new": "quite another password", "again": "quite another password"}, "原密码不对"),
    ({"old": PASSWORD, "new": "quite another password", "again": "and another one"}, "两次输入不一致"),
    ({"old": PASSWORD, "new": "123456789012", "again": "123456789012"}, "field-problem"),
    ({"old": PASSWORD, "new": "short", "again": "short"}, "field-problem"),
])
def test_a_password_that_will_not_do_is_not_taken(officer, said, problem):
    client = signed_in(officer)
    answer = client.post("/me", said)
    assert answer.status_code == 400 and problem in answer.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_open_sessions_are_listed_and_the_others_ended(officer):
    first = signed_in(officer)
    Officer.objects.filter(pk=officer.pk).update(factor_used=0)
    second = signed_in(officer)
    page = second.get("/me", headers={"User-Agent": "x"}).content.decode()
    assert page.count("127.0.0.1") == 2 and "结束其他会话" in page
    second.post("/me", {"end-others": "1"})
    assert first.get("/").status_code == 302 and second.get("/").status_code == 200
    assert Session.objects.count() == 1 == Stored.objects.count()


def test_a_one_time_password_must_be_changed_before_anything_else(officer):
    Officer.objects.filter(pk=officer.pk).update(password_at=None)
    client = signed_in(officer)
    for path in ("/", "/staff", "/logs/acts", "/search?q=1"):
        assert client.get(path)["Location"] == "/me"
    assert "一次性密码" in client.get("/me").content.decode()
    new = "a password of my own"
    client.post("/me", {"old": PASSWORD, "new": new, "again": new})
    assert client.get("/").status_code == 200


def test_demo_accounts_open_in_demo_mode_alone():
    client = client_as("policy")
    assert client.get("/").status_code == 200
    for mode in (False, True):
        with override_settings(DEMO=mode):
            shown = Client(SERVER_NAME="localhost").get("/sign-in").content.decode()
            assert (DEMO_PASSWORD in shown) is mode and ("待遇保障与基金岗" in shown) is mode
            assert tried(Client(SERVER_NAME="localhost"), DEMO_PASSWORD, "policy").status_code == (302 if mode else 400)
    plain = Client(SERVER_NAME="localhost")
    plain.cookies = client.cookies
    assert plain.get("/").status_code == 302, "a session of a demo account ends where the server is no demo"


def test_a_locked_officer_is_out_at_once(officer):
    client = signed_in(officer)
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get("/").status_code == 302
    assert tried(Client(SERVER_NAME="localhost")).status_code == 400


def test_a_post_without_its_token_is_refused(officer):
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert client.post("/sign-in", {"login": "wang", "password": PASSWORD}).status_code == 403


def test_language_and_large_type_are_kept_with_the_officer():
    client = client_as("guest")
    assert '<html lang="zh-hans">' in client.get("/").content.decode()
    client.post("/language", {"language": "en", "next": "/me"})
    answer = client.get("/")
    assert '<html lang="en">' in answer.content.decode() and answer["Content-Language"] == "en"
    client.post("/language", {"language": "fr"})
    assert '<html lang="en">' in client.get("/").content.decode()
    client.post("/large-type")
    assert 'class="large-type"' in client.get("/").content.decode()
    client.post("/sign-out")
    shown = client.get("/sign-in").content.decode()
    assert '<html lang="en" class="large-type">' in shown and "Sign in" in shown, "and in cookies, for the sign-in page"


def test_static_files_are_whole_and_need_nobody():
    answer = open_client().get("/static/openyibao/frame.css")
    assert answer.status_code == 200 and not answer.streaming and int(answer["Content-Length"]) == len(answer.content)
    again = open_client().get("/static/openyibao/frame.css", headers={"If-Modified-Since": answer["Last-Modified"]})
    assert again.status_code == 304 and not again.content


def test_demo_accounts_are_made_again_without_harm():
    client = client_as("policy")
    make_demo()
    assert client.get("/").status_code in (200, 302)
    assert Officer.objects.filter(login="policy").count() == 1
