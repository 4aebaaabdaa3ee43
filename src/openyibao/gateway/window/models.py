"""Tables of the hospital's window 医院收费窗口: what a small hospital information system keeps of its own. Amounts in fen.

The bureau's tables are settlement's; these are the hospital's side, filled from the replies to the window's messages, so that a day's
close compares two books and not one with itself.
"""

from django.db import models


class Till(models.Model):
    """The receipts an institution's windows have numbered 收据编号. One row per institution."""

    fixmedins_code = models.CharField(max_length=12, primary_key=True)
    receipts = models.BigIntegerField(default=0)  # 收据号


class Visit(models.Model):
    """A visit or stay at the window 就诊, from the credential that was shown on. One row per credential shown."""

    SHOWN, OPEN, DISCHARGED, SETTLED, CANCELLED = 0, 1, 2, 3, 4

    fixmedins_code = models.CharField(max_length=12)
    psn_no = models.CharField(max_length=30)
    name = models.CharField(max_length=50)
    cert_type = models.CharField(max_length=3)  # mdtrt_cert_type as shown
    credential = models.BinaryField()  # mdtrt_cert_no as shown, sealed
    insutype = models.CharField(max_length=6, blank=True)
    psn_type = models.CharField(max_length=6, blank=True)
    home = models.CharField(max_length=6, blank=True)  # 参保地 insuplc_admdvs
    sort = models.CharField(max_length=1, blank=True)  # O outpatient, I stay; empty = not registered
    med_type = models.CharField(max_length=6, blank=True)
    dise_codg = models.CharField(max_length=30, blank=True)
    dise_name = models.CharField(max_length=100, blank=True)
    dept = models.CharField(max_length=30, blank=True)
    dept_name = models.CharField(max_length=100, blank=True)
    specialty = models.CharField(max_length=10, blank=True)  # caty
    doctor = models.CharField(max_length=30, blank=True)
    doctor_name = models.CharField(max_length=50, blank=True)
    diagnoses = models.JSONField(default=list)  # [[code, name], …], the main one first
    number = models.CharField(max_length=30)  # the hospital's own 门诊/住院号
    msgid = models.CharField(max_length=30)  # of the registration, fixed with the row: pressed twice, it registers once
    mdtrt_id = models.BigIntegerField(null=True)
    state = models.SmallIntegerField(default=SHOWN)
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        """Found by institution, newest first, by state, by person and by number."""

        indexes = (
            models.Index(fields=["fixmedins_code", "-at"]),
            models.Index(fields=["fixmedins_code", "state", "-at"]),
            models.Index(fields=["fixmedins_code", "psn_no", "-at"]),
            models.Index(fields=["fixmedins_code", "name", "-at"]),
            models.Index(fields=["fixmedins_code", "number"]),
            models.Index(fields=["mdtrt_id"]),
        )


class Line(models.Model):
    """A charge line that was entered 费用明细. One row per visit and serial; a refused one stays until it is put away."""

    TAKEN, REFUSED, REMOVED = 0, 1, 2

    visit = models.ForeignKey(Visit, models.PROTECT)
    serial = models.IntegerField()  # given with the form: pressed twice, it is entered once
    feedetl_sn = models.CharField(max_length=30)
    own_code = models.CharField(max_length=150, blank=True)
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    price = models.DecimalField(max_digits=16, decimal_places=6)
    fee = models.BigIntegerField()
    state = models.SmallIntegerField(default=TAKEN)
    split = models.JSONField(default=dict)  # the reply's row, amounts as text
    refusal = models.JSONField(default=dict)  # code, zh, en, since, next, instead, instead_name
    at = models.DateTimeField()

    class Meta:
        """A serial is used once."""

        constraints = (models.UniqueConstraint(fields=["visit", "serial"], name="window_line_once"),)


class Booking(models.Model):
    """The hospital's own book 医院收费账: one row per settlement or reversal, its message fixed before it is sent."""

    READY, SENT, BOOKED, REFUSED, DROPPED = 0, 1, 2, 3, 4

    fixmedins_code = models.CharField(max_length=12)
    msgid = models.CharField(max_length=40)
    infno = models.CharField(max_length=8)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True)  # null: made by another program and fetched
    takes_back = models.ForeignKey("self", models.PROTECT, null=True)
    content = models.TextField(blank=True)  # the input, letter for letter: sent again it is the same message
    psn_no = models.CharField(max_length=30)
    mdtrt_id = models.BigIntegerField()
    insutype = models.CharField(max_length=6, blank=True)
    clr_type = models.CharField(max_length=6, blank=True)
    state = models.SmallIntegerField(default=READY)
    trial = models.JSONField(default=dict)  # what the trial before it said: amounts and layers
    receipt = models.BigIntegerField(null=True)  # 收据号
    setl_id = models.BigIntegerField(null=True)
    setl_at = models.DateTimeField(null=True)
    total = models.BigIntegerField(default=0)
    fund = models.BigIntegerField(default=0)
    account = models.BigIntegerField(default=0)
    cash = models.BigIntegerField(default=0)
    balance = models.BigIntegerField(default=0)
    refusal = models.JSONField(default=dict)
    fetched = models.BooleanField(default=False)  # booked by asking for the result 取回
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=60)

    class Meta:
        """A message is one row; receipts are numbered once; a settlement is booked once; found by the day of the settlement."""

        constraints = (
            models.UniqueConstraint(fields=["fixmedins_code", "msgid"], name="window_booking_message"),
            models.UniqueConstraint(fields=["fixmedins_code", "receipt"], name="window_booking_receipt"),
            models.UniqueConstraint(fields=["fixmedins_code", "setl_id"], name="window_booking_settlement"),
        )
        indexes = (
            models.Index(fields=["fixmedins_code", "setl_at"]),
            models.Index(fields=["fixmedins_code", "sent_at"], condition=models.Q(state=1), name="window_booking_unknown"),
            models.Index(fields=["visit", "id"]),
        )


class Close(models.Model):
    """A day's close 日终对账 as it was recorded. One row per institution, day and time of asking; never changed."""

    fixmedins_code = models.CharField(max_length=12)
    day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    source = models.CharField(max_length=10)  # window, file
    agreed = models.BooleanField()
    bills = models.IntegerField()
    theirs = models.BigIntegerField()  # funds and accounts by the hospital's book
    ours = models.BigIntegerField()  # by the settlements
    booked = models.BigIntegerField()  # by the ledger
    broken = models.IntegerField()  # pairs that do not agree
    detail = models.JSONField(default=list)  # the broken pairs

    class Meta:
        """Found by institution, newest first."""

        indexes = (models.Index(fields=["fixmedins_code", "-at"]), models.Index(fields=["fixmedins_code", "-day"]))


class Upload(models.Model):
    """The bills of a day as a hospital's own program has them 上传的医院明细. One row per institution and day, the last one sent."""

    fixmedins_code = models.CharField(max_length=12)
    day = models.DateField()
    name = models.CharField(max_length=200)
    rows = models.JSONField()  # lists in the order of settlement.reconcile.Said
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        """One a day."""

        constraints = (models.UniqueConstraint(fields=["fixmedins_code", "day"], name="window_upload_once"),)
