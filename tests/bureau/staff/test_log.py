"""Looks and acts are logged with who and why, kept for good, and the person can read them."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted, looked
from openyibao.bureau.staff.models import Act, Look, Officer, Post, Role
from openyibao.bureau.staff.queries import acts_of, acts_on, looks_at, may

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("django_database")


def test_a_look_names_who_and_why():
    looked(officer="zhang", psn_no="1", purpose="核对缴费", what="record", at=AT)
    looked(officer="H1/0053", psn_no="1", purpose="1101", what="identity", at=AT.replace(hour=2))
    looked(officer="zhang", psn_no="2", purpose="核对缴费", what="record", at=AT)
    assert [(look.officer, look.purpose) for look in looks_at("1")] == [("H1/0053", "1101"), ("zhang", "核对缴费")]


@pytest.mark.parametrize(("officer", "purpose"), [("", "why"), ("zhang", "  ")])
def test_nobody_looks_without_a_reason(officer, purpose):
    with pytest.raises(Refused) as refused:
        looked(officer=officer, psn_no="1", purpose=purpose, what="record", at=AT)
    assert refused.value.code == "STAFF-01"
    assert not Look.objects.exists()


def test_the_log_is_not_edited():
    looked(officer="zhang", psn_no="1", purpose="核对缴费", what="record", at=AT)
    acted(officer="zhang", what="enrolment.join", object="person/1", at=AT)
    for model in (Look, Act):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(officer="nobody")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.all().delete()
    assert acts_on("person/1") == acts_of("zhang")


def test_what_an_officer_may_do_hangs_on_the_post():
    post = Post.objects.create(code="window", name="窗口", room="enrolment", admdvs="420100")
    post.roles.add(Role.objects.create(code="clerk", name="经办", name_en="clerk", may=["enrolment.join"]))
    Officer.objects.create(login="zhang", name="张", post=post)
    Officer.objects.create(login="gone", name="李", post=post, is_active=False)
    assert may("zhang", "enrolment.join") and not may("zhang", "settlement.reverse")
    assert not may("gone", "enrolment.join") and not may("unknown", "enrolment.join")
