"""Tables of the staff desk 人员与岗位."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class Role(models.Model):
    """A role 角色: what its holders may do. One row per role."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    may = models.JSONField(default=list)  # names of acts, such as "settlement.reverse"


class Post(models.Model):
    """A post 岗位: a desk's place with its roles and its area. One row per post."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, default="")
    room = models.CharField(max_length=40)
    admdvs = models.CharField(max_length=6)  # 所属区划
    area = models.CharField(max_length=9, default="")  # 可见区划前缀: 4 digits a city, 6 a county, 9 a town; empty = everywhere
    institution = models.CharField(max_length=12, default="")  # fixmedins_code of a hospital's post
    office = models.CharField(max_length=120, default="")  # 责任部门, as the plan's table writes it; empty = none
    guided = models.CharField(max_length=20, default="")  # which first page 引导页: policy, cashier, insured …
    roles = models.ManyToManyField(Role)


class Officer(AbstractBaseUser, PermissionsMixin):
    """An officer of the bureau 经办人员, who signs in. One row per person of the staff."""

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    psn_no = models.CharField(max_length=30, default="")  # the officer's own number, for recusal; an insured person's, for the own record
    relatives = models.JSONField(default=list)  # psn_no of close relatives, for recusal
    language = models.CharField(max_length=10, default="zh-hans")
    large_type = models.BooleanField(default=False)  # 大字模式
    factor = models.BinaryField(null=True)  # sealed secret of the second factor; null = none yet
    factor_used = models.BigIntegerField(default=0)  # time step of the last code taken, so that none is taken twice
    password_at = models.DateTimeField(null=True)  # when the password was set; null = to be changed at the next sign-in
    demo = models.BooleanField(default=False)  # 演示账号: refused unless the server runs in demo mode

    objects: ClassVar[BaseUserManager["Officer"]] = BaseUserManager()

    USERNAME_FIELD = "login"


class Session(models.Model):
    """A session 会话 of somebody who signed in: where and since when. One row per session that has not ended; removed when it ends."""

    key = models.CharField(max_length=40, primary_key=True)  # of Django's own row
    officer = models.ForeignKey(Officer, models.CASCADE)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last request, to the minute
    address = models.CharField(max_length=45)
    browser = models.CharField(max_length=200)  # as it calls itself

    class Meta:
        """Found by officer."""

        indexes = (models.Index(fields=["officer", "-seen_at"], name="staff_session_officer"),)


class Change(models.Model):
    """A change of an officer or a post 人员变更: entered by one administrator, confirmed by another. One row per change; never deleted."""

    kind = models.CharField(max_length=10)  # officer, post, reset (a new password and second factor)
    key = models.CharField(max_length=40)  # login, or the post's code
    before = models.JSONField(default=dict)  # empty = new
    after = models.JSONField(default=dict)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")  # waiting, approved, rejected, withdrawn
    decided_by = models.CharField(max_length=60, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first; one waiting change of an officer or a post."""

        indexes = (models.Index(fields=["-at", "-id"], name="staff_change_at"),)
        constraints = (
            models.UniqueConstraint(fields=["kind", "key"], condition=models.Q(state="waiting"), name="staff_change_one_waiting"),
        )


class SignIn(models.Model):
    """One try to sign in 登录记录: one row per try; never changed."""

    at = models.DateTimeField()
    login = models.CharField(max_length=60)  # as typed, cut
    address = models.CharField(max_length=45)
    outcome = models.CharField(max_length=12)  # in, wrong, throttled, factor, out, expired

    class Meta:
        """Found by login, by address, by outcome, newest first."""

        indexes = (
            models.Index(fields=["login", "-at"]), models.Index(fields=["address", "-at"]),
            models.Index(fields=["-at", "-id"], name="staff_signin_at"),
            models.Index(fields=["outcome", "-at", "-id"], name="staff_signin_outcome"),
        )  # fmt: skip


class Work(models.Model):
    """A piece of work that waits for a post 待办: one row per piece and step; closed, never deleted."""

    act = models.CharField(max_length=60)  # the right that its doer needs
    area = models.CharField(max_length=9, default="")
    institution = models.CharField(max_length=12, default="")
    kind = models.CharField(max_length=40)  # such as claim.first
    object = models.CharField(max_length=80)  # such as claim/12
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    due = models.DateField(null=True)
    not_for = models.JSONField(default=list)  # logins that may not do it: they did the step before
    taken_by = models.CharField(max_length=60, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, default="")
    outcome = models.CharField(max_length=40, default="")

    class Meta:
        """Open work is found by act, oldest due first; one open piece per object and kind."""

        indexes = (models.Index(fields=["act", "due"], condition=models.Q(closed_at=None), name="staff_work_open"),)
        constraints = (
            models.UniqueConstraint(fields=["kind", "object"], condition=models.Q(closed_at=None), name="staff_work_one_open"),
        )


class Notice(models.Model):
    """A message to one officer 通知. One row per officer and message."""

    officer = models.CharField(max_length=60)  # login
    at = models.DateTimeField()
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    link = models.CharField(max_length=200, default="")
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Found by officer, newest first."""

        indexes = (models.Index(fields=["officer", "-at"]),)


class Act(models.Model):
    """What was done 操作留痕: one row per act; never changed."""

    at = models.DateTimeField()
    officer = models.CharField(max_length=60)  # login, or institution/operator at the door
    what = models.CharField(max_length=60)
    object = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        """Found by object and by officer, newest first; beginnings of objects and of what was done are searched for."""

        indexes = (
            models.Index(fields=["object", "-at"]), models.Index(fields=["officer", "-at"]),
            models.Index(fields=["-at", "-id"], name="staff_act_at"),
            models.Index(fields=["what", "at"], opclasses=["varchar_pattern_ops", "timestamptz_ops"], name="staff_act_what"),
            models.Index(fields=["object", "at"], opclasses=["varchar_pattern_ops", "timestamptz_ops"], name="staff_act_object"),
        )  # fmt: skip


class Look(models.Model):
    """Who looked at a person, when and why 查询留痕: one row per look; the person can read it."""

    at = models.DateTimeField()
    officer = models.CharField(max_length=60)  # login, or institution/operator at the door
    psn_no = models.CharField(max_length=30)
    purpose = models.CharField(max_length=120)
    what = models.CharField(max_length=60)

    class Meta:
        """Found by person and by officer, newest first."""

        indexes = (
            models.Index(fields=["psn_no", "-at"]), models.Index(fields=["officer", "-at", "-id"], name="staff_look_officer"),
            models.Index(fields=["-at", "-id"], name="staff_look_at"),
        )  # fmt: skip
