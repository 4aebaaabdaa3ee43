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
    room = models.CharField(max_length=40)
    admdvs = models.CharField(max_length=6)  # 所属区划
    roles = models.ManyToManyField(Role)


class Officer(AbstractBaseUser, PermissionsMixin):
    """An officer of the bureau 经办人员, who signs in. One row per person of the staff."""

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects: ClassVar[BaseUserManager["Officer"]] = BaseUserManager()

    USERNAME_FIELD = "login"


class Act(models.Model):
    """What was done 操作留痕: one row per act; never changed."""

    at = models.DateTimeField()
    officer = models.CharField(max_length=60)  # login, or institution/operator at the door
    what = models.CharField(max_length=60)
    object = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        """Found by object and by officer, newest first."""

        indexes = (models.Index(fields=["object", "-at"]), models.Index(fields=["officer", "-at"]))


class Look(models.Model):
    """Who looked at a person, when and why 查询留痕: one row per look; the person can read it."""

    at = models.DateTimeField()
    officer = models.CharField(max_length=60)  # login, or institution/operator at the door
    psn_no = models.CharField(max_length=30)
    purpose = models.CharField(max_length=120)
    what = models.CharField(max_length=60)

    class Meta:
        """Found by person, newest first."""

        indexes = (models.Index(fields=["psn_no", "-at"]),)
