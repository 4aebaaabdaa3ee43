"""Pages of the administrator and the auditor 人员、岗位与日志: officers, posts, changes that wait for a second person, the three logs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import changes, lists
from openyibao.bureau.staff.asking import asks, refused
from openyibao.bureau.staff.differences import differences
from openyibao.bureau.staff.forms import OfficerForm, PostForm
from openyibao.bureau.staff.models import Act, Change, Look, Officer, Post, SignIn
from openyibao.bureau.staff.queries import names_of
from openyibao.bureau.staff.rights import reader


@asks("staff.see")
def officers(request: HttpRequest) -> HttpResponseBase:
    """Officers 人员."""
    return shown(request, lists.OFFICERS, Officer.objects.select_related("post"), "staff/officers.html", about(OFFICERS_PAGE))


@asks("staff.see")
def posts(request: HttpRequest) -> HttpResponseBase:
    """Posts 岗位: what each may do, and where."""
    return shown(request, lists.POSTS, Post.objects.prefetch_related("roles", "officer_set"), "staff/officers.html", about(POSTS_PAGE))


@asks("staff.see")
def changed(request: HttpRequest) -> HttpResponseBase:
    """Changes of officers and posts, with who entered and who confirmed them."""
    return shown(request, lists.CHANGES, Change.objects.all(), "staff/officers.html", about(CHANGES_PAGE))


OFFICERS_PAGE, POSTS_PAGE, CHANGES_PAGE = "staff-officers", "staff-posts", "staff-changes"


def about(page: str) -> dict[str, Any]:
    """Which of the three lists is shown, and how many changes wait."""
    return {"page": page, "waiting": Change.objects.filter(state="waiting").count()}


@asks("staff.edit")
def officer(request: HttpRequest, login: str = "") -> HttpResponse:
    """One officer: entered, changed, given a new password; each takes effect once another administrator has confirmed it."""
    row = get_object_or_404(Officer, login=login) if login else None
    before = changes.officer_as_is(row)
    if row is not None and request.method == "POST" and "reset" in request.POST:
        return entered(request, changes.RESET, row.login, before)
    first = before | {"login": login, "relatives": " ".join(before["relatives"])} if row else {"is_active": True}
    form = OfficerForm(request.POST or None, initial=first)
    if row is not None:
        form.fields["login"].disabled = True
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        after = {"name": said["name"], "post": said["post"].pk, "psn_no": said["psn_no"], "relatives": said["relatives"],
                 "is_active": said["is_active"]}
        return entered(request, changes.OFFICER, said["login"], after, new=row is None)
    return render(request, "staff/officer.html", {"form": form, "row": row}, status=400 if form.is_bound else 200)


@asks("staff.edit")
def post(request: HttpRequest, code: str = "") -> HttpResponse:
    """One post: its roles, its area, its institution."""
    row = get_object_or_404(Post, code=code) if code else None
    form = PostForm(request.POST or None, initial=changes.post_as_is(row) | {"code": code})
    if row is not None:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        after = {field: said[field] for field in changes.POST_FIELDS[:-1]} | {"roles": sorted(role.code for role in said["roles"])}
        return entered(request, changes.POST, said["code"], after, new=row is None)
    return render(request, "staff/post.html", {"form": form, "row": row}, status=400 if form.is_bound else 200)


def entered(request: HttpRequest, kind: str, key: str, after: dict[str, Any], *, new: bool = False) -> HttpResponse:
    """Enter a change and say what happens next."""
    try:
        if new:
            changes.new_key(kind, key)
        row = changes.enter(kind=kind, key=key, after=after, by=reader(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    if row is None:
        messages.success(request, _("账号已停用，其会话已结束。"))
        return HttpResponseRedirect(reverse(OFFICERS_PAGE))
    messages.success(request, _("已提交。由另一位系统管理岗确认后生效。"))
    return HttpResponseRedirect(reverse("staff-change", args=[row.pk]))


@asks("staff.see")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what differs, who entered it; confirmed or refused by somebody else."""
    row, rights = get_object_or_404(Change, pk=pk), reader(request)
    password = ""
    if request.method == "POST":
        rights.need("staff.edit")
        if "confirm" in request.POST:
            password = changes.confirm(pk, by=rights, at=timezone.now())
            messages.success(request, _("变更已确认并生效。"))
        else:
            changes.refuse(pk, by=rights, at=timezone.now())
            messages.success(request, _("变更已退回。"))
        if not password:
            return HttpResponseRedirect(reverse("staff-change", args=[pk]))
        row.refresh_from_db()
    names = names_of([row.by, row.decided_by])
    return render(request, "staff/change.html", {
        "row": row, "by": names[row.by], "decided_by": names.get(row.decided_by, ""), "differences": differences(row),
        "mine": row.by == rights.login, "password": password,
        "may_decide": row.state == "waiting" and rights.may("staff.edit"),
    })  # fmt: skip


@asks("log.see")
def acts(request: HttpRequest) -> HttpResponseBase:
    """What was done 操作日志."""
    return shown(request, lists.ACTS, Act.objects.all())


@asks("log.see")
def looks(request: HttpRequest) -> HttpResponseBase:
    """Who looked at whom 查询日志."""
    return shown(request, lists.LOOKS, Look.objects.all())


@asks("log.see")
def sign_ins(request: HttpRequest) -> HttpResponseBase:
    """Who signed in, or tried to 登录日志."""
    return shown(request, lists.SIGN_INS, SignIn.objects.all())
