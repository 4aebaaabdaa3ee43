"""Tables of the provider desk 定点管理. Spans half-open."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Institution(models.Model):
    """A designated institution 定点医药机构: hospital H… or pharmacy P…. One row per code."""

    fixmedins_code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=6)  # fixmedins_type: 1 hospital 2 pharmacy
    hosp_lv = models.CharField(max_length=2, blank=True)  # 01 … 14
    uscc = models.CharField(max_length=18, blank=True)
    admdvs = models.CharField(max_length=6)  # 所在区划
    detail = models.JSONField(default=dict)


class Agreement(models.Model):
    """A service agreement 服务协议 over a span of days."""

    institution = models.ForeignKey(Institution, models.PROTECT)
    number = models.CharField(max_length=60)
    starts = models.DateField()
    ends = models.DateField(null=True)
    scope = models.CharField(max_length=200, blank=True)  # 服务范围; empty = all kinds of visit

    class Meta:
        """An agreement starts once on a day."""

        constraints = (models.UniqueConstraint(fields=["institution", "starts"], name="providers_agreement_once"),)


class Department(models.Model):
    """A department 科室 (3401). One row per institution, department and span."""

    fixmedins_code = models.CharField(max_length=12)
    hosp_dept_codg = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    caty = models.CharField(max_length=10, blank=True)  # 科别
    starts = models.DateField()
    ends = models.DateField(null=True)
    withdrawn = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)

    class Meta:
        """A department stands once."""

        constraints = (
            models.UniqueConstraint(fields=["fixmedins_code", "hosp_dept_codg"], condition=Q(withdrawn=False), name="providers_dept_once"),
        )


class Practitioner(models.Model):
    """A doctor D…, nurse N… or pharmacist 医保医师、护士、药师. One row per code and institution."""

    code = models.CharField(max_length=30)  # 国家医保编码
    kind = models.CharField(max_length=3)  # prac_psn_type: 1 doctor 2 nurse 3 pharmacist …
    name = models.CharField(max_length=50)
    fixmedins_code = models.CharField(max_length=12)
    hosp_dept_codg = models.CharField(max_length=20, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """A person works once at an institution."""

        constraints = (models.UniqueConstraint(fields=["code", "fixmedins_code"], name="providers_practitioner_once"),)


class Measure(models.Model):
    """A measure against an institution or a practitioner 处理措施: settlement suspended over a span of days."""

    target = models.CharField(max_length=30)  # fixmedins_code or practitioner code
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    clause = models.CharField(max_length=120, blank=True)

    class Meta:
        """Found by target."""

        indexes = (models.Index(fields=["target"]),)


class Channel(models.Model):
    """A connection to the door 接入渠道: its signature scheme, keys and quirks. One row per channel."""

    code = models.CharField(max_length=40, primary_key=True)
    settings = models.JSONField()  # gateway/channels.py says which
    enabled = models.BooleanField(default=True)


class SignIn(models.Model):
    """A sign-in of an operator 签到 (9001). One row per sign-in."""

    sign_no = models.BigAutoField(primary_key=True)
    fixmedins_code = models.CharField(max_length=12)
    opter_no = models.CharField(max_length=30)
    at = models.DateTimeField()
    out_at = models.DateTimeField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """Found by institution and operator, newest first."""

        indexes = (models.Index(fields=["fixmedins_code", "opter_no", "-at"]),)


class StockMove(models.Model):
    """A move of stock 进销存 (3501–3507): one row per message line; deletion by 3507 is a mark, not a removal."""

    fixmedins_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=4)  # 3501 count, 3502 change, 3503 bought, 3504 returned, 3505 sold, 3506 taken back
    own_code = models.CharField(max_length=150)
    hilist_code = models.CharField(max_length=50)
    batch_no = models.CharField(max_length=60)  # 定点医药机构批次流水号 fixmedins_bchno
    quantity = models.BigIntegerField()  # 1/10,000; sign as it moves the stock
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    traces = models.JSONField(default=list)  # 药品追溯码
    detail = models.JSONField(default=dict)

    class Meta:
        """Found by institution and item in order, by batch, and by trace code."""

        indexes = (
            models.Index(fields=["fixmedins_code", "hilist_code", "at"]),
            models.Index(fields=["fixmedins_code", "batch_no"]),
            GinIndex(fields=["traces"], name="providers_stock_traces"),
        )
