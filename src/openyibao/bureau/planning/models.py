"""Tables of the planning desk 规划指标. Figures are exact fractions; `shown` is in hundredths of the quantity's unit, as plans print them.

Values are never changed: a new count or a corrected entry is a new row, and the row before stops to stand.
"""

from django.db import models
from django.db.models import Q


class Value(models.Model):
    """An indicator's value 指标值 at a month's end. One row per city, indicator, month, span and count of it; one of them stands."""

    city = models.CharField(max_length=20)  # folder below policies/
    code = models.CharField(max_length=40)  # the plan's id (YX-07), or the quantity's code where no plan asks
    month = models.IntegerField()  # last month of the period, yyyymm
    span = models.CharField(max_length=5)  # year: January to this month; month: this month alone
    numerator = models.BigIntegerField(null=True)  # of the exact value; null: there is none, see `why`
    denominator = models.BigIntegerField(default=1)  # of the exact value
    shown = models.BigIntegerField(null=True)  # hundredths of the unit, rounded half up
    counted_over = models.BigIntegerField(default=0)  # numerator as counted, before any grossing up
    counted_under = models.BigIntegerField(default=0)  # denominator as counted
    rows = models.BigIntegerField(default=0)  # rows behind it
    source = models.CharField(max_length=40, blank=True)  # file of warehouse/measure/rows; empty: sheets, policy, or entered
    level = models.CharField(max_length=20, blank=True)  # warning level of a reserve (kernel.indicators.reserve)
    why = models.JSONField(default=list)  # why there is no value, zh and en
    notes = models.JSONField(default=list)  # what to know of the value, pairs of zh and en
    how = models.CharField(max_length=8)  # store: counted from the city's store; hand: entered
    digest = models.CharField(max_length=64)  # SHA-256 of what was counted and how
    said = models.CharField(max_length=300, blank=True)  # what the officer wrote beside an entry
    by = models.CharField(max_length=60)  # login, or the command
    at = models.DateTimeField()  # when it was counted or entered
    stands = models.BooleanField(default=True)  # false: a later row took its place

    class Meta:
        """One value stands per month and span; found by city and indicator."""

        constraints = (
            models.UniqueConstraint(fields=["city", "code", "month", "span"], condition=Q(stands=True), name="planning_value_stands"),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="planning_value_divides"),
        )
        indexes = (models.Index(fields=["city", "code", "-month"]),)


class Refresh(models.Model):
    """A count of a city's indicators 指标测算. One row per count asked for."""

    city = models.CharField(max_length=20)  # folder below policies/
    first = models.IntegerField()  # first month counted, yyyymm; 0: the store's first
    last = models.IntegerField()  # last month counted, yyyymm; 0: the store's last
    state = models.CharField(max_length=8)  # waiting, running, done, failed
    by = models.CharField(max_length=60)  # login, or the command
    asked_at = models.DateTimeField()  # when it was asked for
    beat_at = models.DateTimeField(null=True)  # when it last moved on
    ended_at = models.DateTimeField(null=True)  # when it ended
    months = models.IntegerField(default=0)  # months to count
    months_done = models.IntegerField(default=0)  # months counted
    kept = models.IntegerField(default=0)  # values that are new or differ
    why = models.CharField(max_length=300, blank=True)  # why it failed

    class Meta:
        """One count of a city at a time; the newest first."""

        constraints = (
            models.UniqueConstraint(fields=["city"], condition=Q(state__in=("waiting", "running")), name="planning_one_refresh"),
        )
        indexes = (models.Index(fields=["city", "-asked_at"]),)


class Milestone(models.Model):
    """A milestone 里程碑 of a city's plan. One row per milestone; those of the plan's table carry its id."""

    city = models.CharField(max_length=20)  # folder below policies/
    code = models.CharField(max_length=40, blank=True)  # the plan's indicator; empty: laid down by an officer
    title = models.CharField(max_length=120)  # in Chinese
    title_en = models.CharField(max_length=120, blank=True)  # in English
    due = models.DateField()  # last day by which it is to be reached
    office = models.CharField(max_length=120, blank=True)  # 责任部门
    source = models.CharField(max_length=120, blank=True)  # place in the plan
    reached_on = models.DateField(null=True)  # the day it was reached
    declared_by = models.CharField(max_length=60, blank=True)  # who declared it
    declared_at = models.DateTimeField(null=True)  # when it was declared
    said = models.CharField(max_length=300, blank=True)  # what was written with the declaration

    class Meta:
        """An indicator has one milestone; found by city in order of days."""

        constraints = (models.UniqueConstraint(fields=["city", "code"], condition=~Q(code=""), name="planning_milestone_once"),)
        indexes = (models.Index(fields=["city", "due"]),)


class Task(models.Model):
    """A task 任务分解 towards an indicator or a milestone: owner, date, state. One row per task."""

    city = models.CharField(max_length=20)  # folder below policies/
    code = models.CharField(max_length=40, blank=True)  # the indicator it serves
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True)
    title = models.CharField(max_length=120)  # what is to be done
    office = models.CharField(max_length=120)  # 责任部门
    owner = models.CharField(max_length=60, blank=True)  # login of the officer who answers for it
    due = models.DateField()  # last day
    state = models.CharField(max_length=8, default="open")  # open, doing, done, dropped
    plan = models.TextField(blank=True)  # how it is to be done, in words
    remedy = models.BooleanField(default=False)  # 整改任务: it is to put a deviation of the indicator right
    made_by = models.CharField(max_length=60)  # login
    made_at = models.DateTimeField()  # when it was laid down
    ended_at = models.DateTimeField(null=True)  # when it was done or dropped

    class Meta:
        """Found by city, state and day; by indicator; by owner."""

        indexes = (
            models.Index(fields=["city", "due"]), models.Index(fields=["city", "state", "due"]), models.Index(fields=["city", "code"]),
            models.Index(fields=["owner", "state"]),
        )  # fmt: skip


class Step(models.Model):
    """What happened to a task 任务进展. One row per step; never changed."""

    task = models.ForeignKey(Task, models.PROTECT)
    at = models.DateTimeField()  # when
    by = models.CharField(max_length=60)  # login
    state = models.CharField(max_length=8)  # the state after it
    said = models.CharField(max_length=300, blank=True)  # in words

    class Meta:
        """Found by task, newest first."""

        indexes = (models.Index(fields=["task", "-at"]),)


class Proof(models.Model):
    """A proof 佐证材料 of a value, a milestone or a step: a file or an address. One row per proof; never changed."""

    object = models.CharField(max_length=60)  # value/<id>, milestone/<id>, task/<id>
    name = models.CharField(max_length=200)  # the file's name, or the address
    link = models.CharField(max_length=300, blank=True)  # address; empty for a file
    kind = models.CharField(max_length=20, blank=True)  # ending of the file
    content = models.BinaryField(null=True)  # the file's bytes
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the bytes
    by = models.CharField(max_length=60)  # login
    at = models.DateTimeField()  # when it was laid down

    class Meta:
        """Found by what it proves."""

        indexes = (models.Index(fields=["object", "at"]),)
