"""Tables of the settlement desk 结算. Amounts in fen, prices in 1/1,000,000 yuan, quantities in 1/10,000, rates in parts per 10,000.

The hot tables carry the person and no foreign key to another person's rows. Settlements, layers and journal are append-only (migration
0002); `Figures` of a year are the kernel's Year, field by field, as an array.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Encounter(models.Model):
    """A visit or stay 就诊. One row per mdtrt_id."""

    OPEN, DISCHARGED, CANCELLED = 0, 1, 2

    mdtrt_id = models.BigIntegerField(primary_key=True)
    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    fixmedins_code = models.CharField(max_length=12)
    treating = models.CharField(max_length=6)  # 就医地区划 mdtrtarea_admvs
    insured = models.CharField(max_length=6)  # 参保地区划 insuplc_admdvs
    sort = models.CharField(max_length=1)  # O outpatient 2201, I inpatient 2401, P pharmacy 2101
    med_type = models.CharField(max_length=6)
    ipt_otp_no = models.CharField(max_length=30)  # 住院/门诊号
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    dise_codg = models.CharField(max_length=30, blank=True)  # 病种编码
    dr_code = models.CharField(max_length=30, blank=True)  # 医师
    dept_code = models.CharField(max_length=30, blank=True)  # 科室
    state = models.SmallIntegerField(default=0)
    version = models.IntegerField(default=0)  # moves with every change, so that a settlement never misses one
    cert_type = models.CharField(max_length=3, blank=True)  # mdtrt_cert_type
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)  # further national fields as sent

    class Meta:
        """Found by person; open stays of an institution are found quickly."""

        indexes = (
            models.Index(fields=["psn_no", "begins"]),
            models.Index(fields=["fixmedins_code", "begins"], condition=Q(sort="I", state=0), name="settlement_in_hospital"),
        )


class Diagnosis(models.Model):
    """A diagnosis 诊断 of a visit. One row per visit and place in the list."""

    mdtrt_id = models.BigIntegerField()
    psn_no = models.CharField(max_length=30)
    place = models.SmallIntegerField()
    main = models.BooleanField(default=False)  # maindiag_flag
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    stage = models.CharField(max_length=3, blank=True)  # inout_diag_type
    detail = models.JSONField(default=dict)

    class Meta:
        """A place is taken once."""

        constraints = (models.UniqueConstraint(fields=["mdtrt_id", "stage", "place"], name="settlement_diagnosis_once"),)


class Line(models.Model):
    """A charge line 费用明细 as scoped on arrival. One row per visit and feedetl_sn; withdrawn (2205, 2302) it goes while unsettled."""

    mdtrt_id = models.BigIntegerField()
    feedetl_sn = models.CharField(max_length=30)
    psn_no = models.CharField(max_length=30)
    chrg_bchno = models.CharField(max_length=30)  # 收费批次号; a stay has none: 0
    hilist_code = models.CharField(max_length=50)  # national code
    own_code = models.CharField(max_length=150, blank=True)
    name = models.CharField(max_length=200, blank=True)
    med_chrgitm_type = models.CharField(max_length=6)
    at = models.DateTimeField()  # 费用发生时间
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    item_class = models.SmallIntegerField()
    rate = models.IntegerField()  # 先行自付比例
    ceiling = models.BigIntegerField()
    flags = models.SmallIntegerField()  # bits: 1 restricted 2 consumable 4 bed 8 drug 16 dual channel 32 consultation 64 slices
    takes_back = models.CharField(max_length=30, blank=True)  # init_feedetl_sn of a return
    fee = models.BigIntegerField()
    full = models.BigIntegerField()
    over = models.BigIntegerField()
    pre = models.BigIntegerField()
    within = models.BigIntegerField()
    scope = models.BigIntegerField()  # which scope of the plan made the split
    detail = models.JSONField(default=dict)

    class Meta:
        """total = own-pay + over-limit + first-self-pay + in-scope, per line."""

        constraints = (
            models.UniqueConstraint(fields=["mdtrt_id", "feedetl_sn"], name="settlement_line_once"),
            models.CheckConstraint(condition=Q(fee=F("full") + F("over") + F("pre") + F("within")), name="settlement_line_adds"),
        )


class Settlement(models.Model):
    """A settlement 结算 or the mirror that takes one back 冲销. One row per setl_id; never changed."""

    setl_id = models.BigIntegerField(primary_key=True)
    mdtrt_id = models.BigIntegerField()
    psn_no = models.CharField(max_length=30)
    fixmedins_code = models.CharField(max_length=12)
    poolarea = models.CharField(max_length=6)  # home pooling area, whose funds pay
    treating = models.CharField(max_length=6)
    insutype = models.CharField(max_length=6)
    med_type = models.CharField(max_length=6)
    clr_type = models.CharField(max_length=6)  # 清算类别
    chrg_bchno = models.CharField(max_length=30)
    day = models.DateField()  # 结算所属日
    at = models.DateTimeField()  # setl_time
    msgid = models.CharField(max_length=40)  # medins_setl_id
    mirror_of = models.BigIntegerField(null=True)  # the settlement that this one takes back
    replay_of = models.BigIntegerField(null=True)  # the settlement that this one settles again after a reversal
    total = models.BigIntegerField()
    full = models.BigIntegerField()
    over = models.BigIntegerField()
    pre = models.BigIntegerField()
    within = models.BigIntegerField()
    deductible = models.BigIntegerField()
    pool = models.BigIntegerField()
    fund = models.BigIntegerField()
    hospital = models.BigIntegerField()
    person = models.BigIntegerField()
    account = models.BigIntegerField()  # own account and family: acct_pay
    family = models.BigIntegerField()
    cash = models.BigIntegerField()
    balance = models.BigIntegerField()  # 账户余额 after
    digest = models.CharField(max_length=64)  # policy package
    detail = models.JSONField(default=dict)  # psn_type, cert type, aid class … as settled, for the reply read back

    class Meta:
        """The bill adds up from both sides; one standing settlement per visit and batch; one mirror per settlement."""

        constraints = (
            models.CheckConstraint(condition=Q(total=F("full") + F("over") + F("pre") + F("within")), name="settlement_scope_adds"),
            models.CheckConstraint(condition=Q(total=F("fund") + F("person") + F("hospital")), name="settlement_payers_add"),
            models.CheckConstraint(condition=Q(person=F("account") + F("cash")), name="settlement_person_adds"),
            models.CheckConstraint(
                condition=Q(mirror_of__isnull=False)
                | Q(total__gte=0, fund__gte=0, person__gte=0, hospital__gte=0, account__gte=0, cash__gte=0),
                name="settlement_not_negative",
            ),
            models.UniqueConstraint(fields=["mirror_of"], condition=Q(mirror_of__isnull=False), name="settlement_one_mirror"),
        )
        indexes = (
            models.Index(fields=["mdtrt_id"]),
            models.Index(fields=["psn_no", "at"]),
            models.Index(fields=["fixmedins_code", "at"]),
            models.Index(fields=["at", "setl_id", "total"], name="settlement_by_time"),  # the desks' list, newest first
            models.Index(fields=["total", "setl_id"], name="settlement_by_total"),
            models.Index(fields=["med_type", "at"], name="settlement_by_kind"),
        )


class Layer(models.Model):
    """What one fund pays of a settlement 基金分项. One row per settlement and fund_pay_type; never changed."""

    setl_id = models.BigIntegerField()
    fund_pay_type = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    fen = models.BigIntegerField()

    class Meta:
        """Found by settlement."""

        indexes = (models.Index(fields=["setl_id"]),)


class Standing(models.Model):
    """Which settlement of a visit's batch stands now. One row per visit and batch; the row goes when the settlement is taken back."""

    mdtrt_id = models.BigIntegerField()
    chrg_bchno = models.CharField(max_length=30)
    setl_id = models.BigIntegerField()

    class Meta:
        """A batch is settled once."""

        constraints = (models.UniqueConstraint(fields=["mdtrt_id", "chrg_bchno"], name="settlement_batch_once"),)


class Year(models.Model):
    """The person's year so far 年度累计. One row per person, scheme and benefit year; `version` serialises two windows."""

    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    year = models.SmallIntegerField()
    version = models.BigIntegerField(default=0)
    figures = ArrayField(models.BigIntegerField())  # kernel.year.Year

    class Meta:
        """One row per person, scheme and year."""

        constraints = (models.UniqueConstraint(fields=["psn_no", "insutype", "year"], name="settlement_year_once"),)


class Journal(models.Model):
    """The journal 结算日志: what went into each settlement and what came out, in the kernel's own values. Append-only."""

    id = models.BigAutoField(primary_key=True)
    poolarea = models.CharField(max_length=6)
    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    setl_id = models.BigIntegerField()
    what = models.CharField(max_length=1)  # S settled, M mirror, R settled again, O opening figures
    of = models.BigIntegerField(null=True)  # the settlement a mirror takes back
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # policy package
    shape = models.BigIntegerField()  # which fields the arrays have (store.SHAPE)
    claim = ArrayField(models.BigIntegerField())
    before = ArrayField(models.BigIntegerField())
    receipt = ArrayField(models.BigIntegerField())
    after = ArrayField(models.BigIntegerField())
    entry = ArrayField(models.CharField(max_length=80))  # postings "fund|account|fen"

    class Meta:
        """Found by person in order, and by settlement."""

        indexes = (models.Index(fields=["psn_no", "insutype", "id"]), models.Index(fields=["setl_id"]))


class Seal(models.Model):
    """The seal of a journal row 日志封存: its number in the pooling area, without gaps, and the hash of the chain up to it."""

    poolarea = models.CharField(max_length=6)
    number = models.BigIntegerField()
    journal_id = models.BigIntegerField(unique=True)
    chain = models.BinaryField(max_length=32)  # SHA-256 of the chain before and the row
    at = models.DateTimeField()

    class Meta:
        """Numbers stand once in an area."""

        constraints = (models.UniqueConstraint(fields=["poolarea", "number"], name="settlement_seal_once"),)


class Message(models.Model):
    """A message that wrote 写入报文: its content hash and its first answer. One row per institution and msgid; never changed."""

    fixmedins_code = models.CharField(max_length=12)
    msgid = models.CharField(max_length=40)
    infno = models.CharField(max_length=8)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    psn_no = models.CharField(max_length=30, blank=True)
    ref = models.BigIntegerField(null=True)  # what it made: mdtrt_id or setl_id
    answer = models.BinaryField()  # output as JSON bytes

    class Meta:
        """A message id answers once."""

        constraints = (models.UniqueConstraint(fields=["fixmedins_code", "msgid"], name="settlement_message_once"),)


class Opening(models.Model):
    """Opening figures 期初数 of a person's year, loaded when the city moves in. One row per person, scheme and year."""

    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    year = models.SmallIntegerField()
    figures = ArrayField(models.BigIntegerField())
    source = models.CharField(max_length=60)

    class Meta:
        """One row per person, scheme and year."""

        constraints = (models.UniqueConstraint(fields=["psn_no", "insutype", "year"], name="settlement_opening_once"),)


class Review(models.Model):
    """An audit request of a doctor or window 事前事中审核 (3101, 3102) and the feedback to it (3103). One row per message."""

    fixmedins_code = models.CharField(max_length=12)
    infno = models.CharField(max_length=8)
    psn_no = models.CharField(max_length=30, blank=True)
    mdtrt_id = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    request = models.JSONField()
    findings = models.JSONField(default=list)

    class Meta:
        """Found by institution, newest first."""

        indexes = (models.Index(fields=["fixmedins_code", "-at"]),)


class Statement(models.Model):
    """A reconciliation asked by an institution 对账 (3201, 3202): what it says, what we have, what differs. One row per request."""

    fixmedins_code = models.CharField(max_length=12)
    infno = models.CharField(max_length=8)
    at = models.DateTimeField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    said = models.JSONField()
    ours = models.JSONField()
    result = models.CharField(max_length=3)  # stmt_rslt


class BillList(models.Model):
    """A settlement list 医保结算清单 (4101): as sent, with what its checks found. One row per settlement and sending."""

    setl_id = models.BigIntegerField()
    fixmedins_code = models.CharField(max_length=12)
    psn_no = models.CharField(max_length=30)
    number = models.CharField(max_length=40)  # 清单流水号 setl_list_id
    at = models.DateTimeField()
    content = models.JSONField()
    problems = models.JSONField(default=list)

    class Meta:
        """Found by settlement, newest first."""

        indexes = (models.Index(fields=["setl_id", "-at"]),)


class Deposit(models.Model):
    """A file laid down at the door 文件 (9101, or made for 9102). One row per file_qury_no; the bytes lie in OPENYIBAO_HOME/files."""

    file_qury_no = models.CharField(max_length=40, primary_key=True)
    fixmedins_code = models.CharField(max_length=12)
    filename = models.CharField(max_length=200)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    purpose = models.CharField(max_length=20)  # upload, catalogue, statement
