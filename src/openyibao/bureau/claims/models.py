"""Tables of paper claims 零星报销. Amounts in fen, prices in 1/1,000,000 yuan, quantities in 1/10,000; account numbers are sealed."""

from django.db import models
from django.db.models import Q


class Claim(models.Model):
    """A paper claim 零星报销申请. One row per claim: what the papers say, where it stands, what came of it."""

    number = models.CharField(max_length=20, unique=True)  # 受理编号
    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    area = models.CharField(max_length=9)  # 参保地区划; of a town's claim the town, by which readers are narrowed
    institution = models.CharField(max_length=12)
    institution_name = models.CharField(max_length=200)
    treating = models.CharField(max_length=6)  # 就医地区划
    hosp_lv = models.CharField(max_length=2, blank=True)
    designated = models.BooleanField(default=True)  # 就医地定点
    med_type = models.CharField(max_length=6)
    because = models.CharField(max_length=12)  # 未直接结算的原因
    begins = models.DateField()
    ends = models.DateField()
    diagnosis = models.CharField(max_length=30, blank=True)
    diagnosis_name = models.CharField(max_length=200, blank=True)
    disease = models.CharField(max_length=30, blank=True)  # 病种编码 of a chronic bill
    total = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=50)  # 收款人
    bank = models.CharField(max_length=80)  # 开户银行
    account_cipher = models.BinaryField()
    account_tail = models.CharField(max_length=4)  # last four digits, for lists
    phone_cipher = models.BinaryField(null=True)
    own = models.BooleanField(default=False)  # 本人申请, entered by the person
    state = models.CharField(max_length=10, default="draft")
    version = models.IntegerField(default=0)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    due = models.DateField(null=True)  # 办结期限
    missing = models.CharField(max_length=300, blank=True)  # 须补正的材料
    refused = models.CharField(max_length=300, blank=True)  # 不予受理的理由
    clause = models.CharField(max_length=120, blank=True)  # and its ground
    setl_id = models.BigIntegerField(null=True)
    fund = models.BigIntegerField(null=True)  # 基金支付, what the person gets
    pays = models.JSONField(default=list)  # [[fund, fen], …], for the payment's entry
    settled_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        """Found by area and state, by person, by day; lists turn by the key."""

        constraints = (models.CheckConstraint(condition=Q(ends__gte=models.F("begins")), name="claims_claim_days"),)
        indexes = (
            models.Index(fields=["state", "-id"]),
            models.Index(fields=["psn_no", "-id"]),
            models.Index(fields=["area", "-id"], opclasses=["varchar_pattern_ops", ""], name="claims_claim_area"),
            models.Index(fields=["due", "id"], condition=~Q(state__in=("paid", "rejected", "settled", "draft")), name="claims_claim_due"),
            models.Index(fields=["total", "id"]),
            models.Index(fields=["ends", "id"]),
        )


class Invoice(models.Model):
    """An invoice of a claim 票据. One row per claim and invoice; of a rejected claim it is free again."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="invoices")
    issuer = models.CharField(max_length=40)  # 票据代码, or who issued it
    number = models.CharField(max_length=40)
    fen = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        """An invoice is claimed once."""

        constraints = (models.UniqueConstraint(fields=["issuer", "number"], condition=Q(live=True), name="claims_invoice_once"),)


class Line(models.Model):
    """A line of the papers 费用明细. One row per claim and place; with a catalogue code the law splits it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines")
    place = models.SmallIntegerField()
    code = models.CharField(max_length=50, blank=True)
    name = models.CharField(max_length=200)
    heading = models.CharField(max_length=6)  # med_chrgitm_type
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    amount = models.BigIntegerField()
    full = models.BigIntegerField(default=0)
    over = models.BigIntegerField(default=0)
    pre = models.BigIntegerField(default=0)

    class Meta:
        """A place is taken once."""

        constraints = (models.UniqueConstraint(fields=["claim", "place"], name="claims_line_once"),)


class Scan(models.Model):
    """A scanned paper 影像. One row per file; the bytes lie below the home folder under their hash."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="scans")
    what = models.CharField(max_length=12)  # invoice, list, summary, identity, bank, other
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        """The same file once a claim."""

        constraints = (models.UniqueConstraint(fields=["claim", "sha256"], name="claims_scan_once"),)


class Step(models.Model):
    """A step of a claim 办理环节: who did what when, and what was said. One row per step; never changed."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    officer = models.CharField(max_length=60)
    name = models.CharField(max_length=50)
    stage = models.CharField(max_length=10)  # the state it was done in
    outcome = models.CharField(max_length=10)  # the state it led to
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        """Found by claim in order."""

        indexes = (models.Index(fields=["claim", "id"]),)


class Batch(models.Model):
    """A payment batch 拨付批次. One row per batch: made by one paymaster, released by another; its file is kept as it was sent."""

    number = models.CharField(max_length=20, unique=True)
    poolarea = models.CharField(max_length=6)
    state = models.CharField(max_length=10, default="made")  # made, released, cancelled
    count = models.IntegerField()
    fen = models.BigIntegerField()
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    released_by = models.CharField(max_length=60, blank=True)
    released_at = models.DateTimeField(null=True)
    file_cipher = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    order = models.BigIntegerField(null=True)  # 支付凭证号: the entry of the payment

    class Meta:
        """Newest first."""

        indexes = (models.Index(fields=["state", "-id"]),)


class Payment(models.Model):
    """One line of a batch 拨付明细: which claim, how much, to which account. One row per batch and claim."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="payments")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    place = models.IntegerField()
    fen = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")  # waiting, paid, failed, refunded, cancelled
    reason = models.CharField(max_length=120, blank=True)  # why it came back
    returned = models.BigIntegerField(null=True)  # the entry of money that came back

    class Meta:
        """A claim stands once in a batch, and in one open batch."""

        constraints = (
            models.UniqueConstraint(fields=["batch", "claim"], name="claims_payment_once"),
            models.UniqueConstraint(fields=["claim"], condition=Q(state__in=("waiting", "paid")), name="claims_payment_one_open"),
        )
