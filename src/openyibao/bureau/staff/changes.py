"""Changes of officers and posts 人员变更: one administrator enters, another confirms, nobody changes the own rights.

What takes rights away works at once: locking an account waits for nobody.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import sessions, work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.models import Change, Officer, Post, Role
from openyibao.bureau.staff.rights import Rights, need_second

OFFICER, POST, RESET = "officer", "post", "reset"
OFFICER_FIELDS = ("name", "post", "psn_no", "relatives", "is_active")
POST_FIELDS = ("name", "name_en", "room", "admdvs", "area", "institution", "office", "guided", "roles")
ONCE = 12
"""Letters of a one-time password."""
TITLES = {
    OFFICER: ("人员变更待确认", "A change of an officer waits for confirmation"),
    POST: ("岗位变更待确认", "A change of a post waits for confirmation"),
    RESET: ("密码重置待确认", "A new password waits for confirmation"),
}  # fmt: skip


def officer_as_is(row: Officer | None) -> dict[str, Any]:
    """An officer's fields as a change keeps them; empty for none."""
    return {} if row is None else {"name": row.name, "post": row.post_id or "", "psn_no": row.psn_no, "relatives": list(row.relatives),
                                   "is_active": row.is_active}


def post_as_is(row: Post | None) -> dict[str, Any]:
    """A post's fields as a change keeps them; empty for none."""
    if row is None:
        return {}
    return {field: getattr(row, field) for field in POST_FIELDS[:-1]} | {"roles": sorted(role.code for role in row.roles.all())}


@transaction.atomic
def enter(*, kind: str, key: str, after: Mapping[str, Any], by: Rights, at: datetime) -> Change | None:
    """Enter a change 登记变更 of an officer, a post, or a forgotten password; None when it only locks an account, which is done at once.

    Raises Refused STAFF-06 (a new one whose name is taken), STAFF-07 (the own account or post), STAFF-08 (another change waits),
    STAFF-09 (nothing changes).
    """
    officer = Officer.objects.filter(login=key).first() if kind != POST else None
    post = Post.objects.filter(code=key).first() if kind == POST else None
    own_matter(kind, key, by)
    before = post_as_is(post) if kind == POST else officer_as_is(officer)
    wanted = dict(after) if kind != RESET else before
    if wanted == before and kind != RESET:
        raise Refused("STAFF-09", "没有改动。", "Nothing was changed.", next_zh="请先修改，再提交。", next_en="Change something first.")
    if officer is not None and kind == OFFICER and before | {"is_active": False} == wanted:
        officer.is_active = False
        officer.save(update_fields=["is_active"])
        sessions.end_others(officer)
        acted(officer=by.login, what="staff.lock", object=f"officer/{key}", at=at)
        return None
    try:
        with transaction.atomic():
            row: Change = Change.objects.create(kind=kind, key=key, before=before, after=wanted, by=by.login, at=at)
    except IntegrityError:
        raise Refused(
            "STAFF-08", f"{key} 已有一项变更待确认。", f"Another change of {key} waits for confirmation.", place="key",
            next_zh="请先确认或撤回那一项。", next_en="Confirm or withdraw that one first.",
        ) from None
    title, title_en = TITLES[kind]
    work.opened(act="staff.edit", kind="staff.change", object=f"change/{row.pk}", title=f"{title}：{key}", title_en=f"{title_en}: {key}",
                link=reverse("staff-change", args=[row.pk]), at=at, not_for=(by.login,))
    acted(officer=by.login, what="staff.enter", object=f"{kind}/{key}", at=at, detail={"change": row.pk})
    return row


def new_key(kind: str, key: str) -> None:
    """Raises Refused STAFF-06 when the login or the post's code is taken."""
    taken = Post.objects.filter(code=key).exists() if kind == POST else Officer.objects.filter(login=key).exists()
    if taken:
        raise Refused(
            "STAFF-06", f"{key} 已存在。", f"{key} is taken.", place="login", next_zh="请换一个。", next_en="Choose another one.",
        )


def own_matter(kind: str, key: str, by: Rights) -> None:
    """Raises Refused STAFF-07 for one's own account or post."""
    if key == by.login if kind != POST else Officer.objects.filter(login=by.login, post=key).exists():
        raise Refused(
            "STAFF-07", "不能修改自己的岗位和权限。", "Nobody changes the own post and rights.", place="login",
            next_zh="请由另一位系统管理岗办理。", next_en="Another administrator must do it.",
        )


@transaction.atomic
def confirm(pk: int, *, by: Rights, at: datetime) -> str:
    """Confirm a change 确认变更 and put it into effect; a one-time password where an account is new or its password was forgotten.

    Raises Refused STAFF-05 (the one who entered it), STAFF-07 (the own account or post), STAFF-10 (it does not wait any more).
    """
    row = waiting(pk)
    need_second(first=row.by, second=by.login)
    own_matter(row.kind, row.key, by)
    password = done_post(row) if row.kind == POST else done_officer(row)
    over(row, "approved", by=by.login, at=at)
    acted(officer=by.login, what="staff.confirm", object=f"{row.kind}/{row.key}", at=at,
          detail={"change": row.pk, "before": summary(row.before), "after": summary(row.after)})
    return password


@transaction.atomic
def refuse(pk: int, *, by: Rights, at: datetime) -> None:
    """Refuse a change; whoever entered it withdraws it 退回、撤回. Raises Refused STAFF-10."""
    row = waiting(pk)
    over(row, "withdrawn" if row.by == by.login else "rejected", by=by.login, at=at)
    acted(officer=by.login, what=f"staff.{row.state}", object=f"{row.kind}/{row.key}", at=at, detail={"change": row.pk})


def waiting(pk: int) -> Change:
    """A change that waits, held until the transaction ends. Raises Refused STAFF-10."""
    row: Change | None = Change.objects.select_for_update().filter(pk=pk, state="waiting").first()
    if row is None:
        raise Refused(
            "STAFF-10", "这项变更已经办结。", "This change is settled already.", place="change",
            next_zh="请看变更记录。", next_en="See the record of changes.",
        )
    return row


def over(row: Change, state: str, *, by: str, at: datetime) -> None:
    """Close a change and its piece of work."""
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    work.closed(kind="staff.change", object=f"change/{row.pk}", by=by, outcome=state, at=at)
    if row.by != by:
        words = {"approved": ("已确认", "was confirmed"), "rejected": ("被退回", "was refused")}[state]
        work.told(officer=row.by, text=f"{row.key} 的变更{words[0]}", text_en=f"Your change of {row.key} {words[1]}", at=at,
                  link=reverse("staff-change", args=[row.pk]))


def done_officer(row: Change) -> str:
    """Put a change of an officer into effect."""
    officer = Officer.objects.filter(login=row.key).first()
    password = ""
    if officer is None or row.kind == RESET:
        officer = officer or Officer(login=row.key)
        password = one_time_password()
        officer.set_password(password)
        officer.password_at, officer.factor = None, None
    said = row.after
    officer.name, officer.psn_no, officer.relatives, officer.is_active = said["name"], said["psn_no"], said["relatives"], said["is_active"]
    officer.post_id = said["post"] or None
    officer.save()
    if password or not officer.is_active:
        sessions.end_others(officer)
    return password


def one_time_password() -> str:
    """A password for one use, to be handed over in person."""
    return secrets.token_urlsafe(ONCE)[:ONCE]


def done_post(row: Change) -> str:
    """Put a change of a post into effect; no password comes of it."""
    post = Post.objects.filter(code=row.key).first() or Post(code=row.key)
    for field in POST_FIELDS[:-1]:
        if field in row.after:      # a change may have waited since before the field was there
            setattr(post, field, row.after[field])
    post.save()
    post.roles.set(Role.objects.filter(code__in=row.after["roles"]))
    return ""


def summary(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a change: rights and place, no personal numbers."""
    return {name: said[name] for name in ("post", "is_active", "roles", "area", "institution", "office") if name in said}
