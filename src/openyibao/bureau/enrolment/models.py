"""Tables of the enrolment desk 参保征缴. Amounts in fen, months yyyymm, spans half-open."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q

BASIC = ("310", "390")
"""insutype of the two basic schemes: a person is in one of them at a time."""


class Employer(models.Model):
    """An employer 参保单位. One row per employer number."""

    emp_no = models.CharField(max_length=30, primary_key=True)
    uscc = models.CharField(max_length=18, blank=True)  # 统一社会信用代码
    name = models.CharField(max_length=200)
    admdvs = models.CharField(max_length=6)
    closed_on = models.DateField(null=True)


class Person(models.Model):
    """An insured person 参保人: one row per number, never reused. The identity number is sealed; it is found by its blind index."""

    psn_no = models.CharField(max_length=30, primary_key=True)
    psn_cert_type = models.CharField(max_length=6)
    certno_cipher = models.BinaryField()
    certno_index = models.BinaryField(max_length=32)
    name = models.CharField(max_length=50)
    gend = models.CharField(max_length=1)  # 性别
    naty = models.CharField(max_length=3, blank=True)  # 民族
    brdy = models.DateField()  # 出生日期
    died_on = models.DateField(null=True)
    admdvs = models.CharField(max_length=6)  # 参保地区划
    register_admdvs = models.CharField(max_length=6, blank=True)  # 户籍地
    household = models.CharField(max_length=30, blank=True)
    merged_into = models.CharField(max_length=30, blank=True)  # the number that survives a merge
    detail = models.JSONField(default=dict)

    class Meta:
        """One living number per certificate."""

        constraints = (
            models.UniqueConstraint(fields=["psn_cert_type", "certno_index"], condition=Q(merged_into=""), name="enrolment_person_cert"),
        )
        indexes = (models.Index(fields=["certno_index"]), models.Index(fields=["name"]))


class Voucher(models.Model):
    """An electronic voucher 医保电子凭证 shown at a window: a token of short life, bound to the first institution that reads it."""

    token_hash = models.BinaryField(max_length=32, primary_key=True)
    psn_no = models.CharField(max_length=30)
    expires_at = models.DateTimeField()
    fixmedins_code = models.CharField(max_length=12, blank=True)  # who read it first
    used_at = models.DateTimeField(null=True)


class Card(models.Model):
    """A social security card 社会保障卡 of a person. One row per card."""

    card_index = models.BinaryField(max_length=32, primary_key=True)  # blind index of the card number
    psn_no = models.CharField(max_length=30)
    lost_on = models.DateField(null=True)


class Relation(models.Model):
    """A span of insurance 参保关系: one row per person, scheme and unbroken span; spans close and open, they are not edited."""

    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    admdvs = models.CharField(max_length=6)
    emp_no = models.CharField(max_length=30, blank=True)
    psn_type = models.CharField(max_length=6)  # 人员类别
    state = models.CharField(max_length=1, default="1")  # psn_insu_stas: 1 normal 2 paused 3 void 4 ended
    starts = models.DateField()
    ends = models.DateField(null=True)
    benefit_from = models.DateField()  # 待遇享受开始
    benefit_to = models.DateField(null=True)  # first day without benefit
    wait_until = models.DateField(null=True)  # 等待期: first day that is payable
    suspended_from = models.DateField(null=True)  # 欠费暂停
    suspended_to = models.DateField(null=True)
    paid_through = models.IntegerField(default=0)  # last month paid, yyyymm
    civil_servant = models.BooleanField(default=False)  # cvlserv_flag
    maternity = models.BooleanField(default=False)  # 生育保险随职工参保
    added = models.SmallIntegerField(default=0)  # 补充层, bits of kernel.claim.Claim.added
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        """No two basic relations on one day."""

        constraints = (
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gt=models.F("starts")), name="enrolment_relation_span"),
            ExclusionConstraint(
                name="enrolment_one_basic_relation",
                expressions=[
                    ("psn_no", RangeOperators.EQUAL),
                    (Func("starts", "ends", function="daterange", output_field=DateRangeField()), RangeOperators.OVERLAPS),
                ],
                condition=Q(insutype__in=BASIC) & ~Q(state="3"),
            ),
        )
        indexes = (models.Index(fields=["psn_no", "starts"]), models.Index(fields=["emp_no"]))


class Due(models.Model):
    """A contribution due 应缴: one row per bill, person, scheme and month (residents: year as yyyy00)."""

    bill_no = models.CharField(max_length=40, primary_key=True)
    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    emp_no = models.CharField(max_length=30, blank=True)
    month = models.IntegerField()
    base = models.BigIntegerField(default=0)  # 缴费基数
    employer = models.BigIntegerField(default=0)
    person = models.BigIntegerField(default=0)
    subsidy = models.BigIntegerField(default=0)  # 财政或医疗救助资助
    to_account = models.BigIntegerField(default=0)  # 划入个人账户
    due_on = models.DateField()
    relief = models.CharField(max_length=20, blank=True)  # 缓缴、减征
    paid_on = models.DateField(null=True)
    receipt_no = models.CharField(max_length=40, blank=True)  # 税票号
    corrects = models.CharField(max_length=40, blank=True)  # the bill that this one takes back

    class Meta:
        """Found by person and month; what is unpaid is found quickly."""

        indexes = (
            models.Index(fields=["psn_no", "insutype", "month"]),
            models.Index(fields=["due_on"], condition=Q(paid_on__isnull=True), name="enrolment_due_unpaid"),
        )


class Account(models.Model):
    """A person's personal account 个人账户: what is left, fen. One row per person; the sum of its moves."""

    psn_no = models.CharField(max_length=30, primary_key=True)
    balance = models.BigIntegerField(default=0)

    class Meta:
        """Never below zero."""

        constraints = (models.CheckConstraint(condition=Q(balance__gte=0), name="enrolment_account_not_negative"),)


class AccountMove(models.Model):
    """A move of a personal account 个人账户明细. One row per move; never changed."""

    psn_no = models.CharField(max_length=30)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)  # credit pay reverse transfer interest adjust opening
    fen = models.BigIntegerField()  # positive into the account
    ref = models.CharField(max_length=40)  # bill_no, or setl_id
    for_psn_no = models.CharField(max_length=30, blank=True)  # 共济使用人

    class Meta:
        """Found by person in order."""

        indexes = (models.Index(fields=["psn_no", "id"]),)


class Share(models.Model):
    """A family share of an account 家庭共济: whose account, for whom, from when, in which order, up to how much a year."""

    owner = models.CharField(max_length=30)
    relative = models.CharField(max_length=30)
    relation = models.CharField(max_length=2)  # 1 spouse 2 parent 3 child
    starts = models.DateField()
    ends = models.DateField(null=True)
    place = models.SmallIntegerField(default=1)  # order of use
    limit = models.BigIntegerField(null=True)  # fen a year

    class Meta:
        """Found by relative; nobody shares with oneself."""

        constraints = (models.CheckConstraint(condition=~Q(owner=models.F("relative")), name="enrolment_share_not_self"),)
        indexes = (models.Index(fields=["relative"]),)
