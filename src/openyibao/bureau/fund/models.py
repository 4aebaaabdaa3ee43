"""Tables of the fund desk 基金财务. Amounts in fen, debit positive, credit negative. Append-only (triggers of migration 0002)."""

from django.db import models


class Account(models.Model):
    """An account of a fund's books 科目. One row per fund and account."""

    fund = models.CharField(max_length=30)  # kernel.ledger names
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=60)

    class Meta:
        """An account stands once in a fund."""

        constraints = (models.UniqueConstraint(fields=["fund", "code"], name="fund_account_once"),)


class Entry(models.Model):
    """A balanced entry 记账凭证. One row per entry; never changed, a mistake is taken back by another entry."""

    id = models.BigIntegerField(primary_key=True)
    poolarea = models.CharField(max_length=6)  # 统筹区
    day = models.DateField()  # 记账日
    text = models.CharField(max_length=120)
    setl_id = models.BigIntegerField(null=True)  # the settlement it books
    at = models.DateTimeField()

    class Meta:
        """Found by day, and by settlement."""

        indexes = (
            models.Index(fields=["poolarea", "day"]),
            models.Index(fields=["setl_id"], condition=models.Q(setl_id__isnull=False), name="fund_entry_setl"),
        )


class Posting(models.Model):
    """One side of an entry 分录. One row per fund and account of an entry."""

    entry_id = models.BigIntegerField()
    fund = models.CharField(max_length=30)
    account = models.CharField(max_length=40)
    fen = models.BigIntegerField()

    class Meta:
        """No empty postings; found by entry, and by account."""

        constraints = (models.CheckConstraint(condition=~models.Q(fen=0), name="fund_posting_not_zero"),)
        indexes = (models.Index(fields=["entry_id"]),)


class Close(models.Model):
    """A closed month 结账: no entry of a day before `ends` is taken any more. One row per pooling area and month."""

    poolarea = models.CharField(max_length=6)
    ends = models.DateField()
    closed_by = models.CharField(max_length=60)
    at = models.DateTimeField()
