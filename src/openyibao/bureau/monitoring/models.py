"""Tables of the operations room 运行监测: what the door did by minute and by hour, which processes live, and alerts with their history.

A server process adds up in memory and writes every few seconds (`traffic`), so that no message waits for these tables. Buckets count
messages by time of answer: `monitoring.traffic.BOUNDS`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Minute(models.Model):
    """Messages of one minute 分钟流量. One row per minute, number, outcome and code; kept for three days."""

    minute = models.DateTimeField()  # beginning of the minute
    infno = models.CharField(max_length=8)  # number of the message
    outcome = models.CharField(max_length=8)  # ok, repeated, refused, failed
    code = models.CharField(max_length=20)  # of the refusal; empty when answered
    count = models.BigIntegerField()  # messages
    micros = models.BigIntegerField()  # time of answer in sum, microseconds
    slowest = models.BigIntegerField()  # longest time of answer, microseconds
    buckets = ArrayField(models.BigIntegerField())  # messages by time of answer

    class Meta:
        """A minute's messages of a kind stand once; found by minute."""

        constraints = (models.UniqueConstraint(fields=["minute", "infno", "outcome", "code"], name="monitoring_minute_once"),)


class Hour(models.Model):
    """Messages of one hour by institution 小时流量. One row per hour, institution, number and outcome."""

    hour = models.DateTimeField()  # beginning of the hour
    institution = models.CharField(max_length=12)  # fixmedins_code; empty when it was not known
    infno = models.CharField(max_length=8)  # number of the message
    outcome = models.CharField(max_length=8)  # ok, repeated, refused, failed
    count = models.BigIntegerField()  # messages
    micros = models.BigIntegerField()  # time of answer in sum, microseconds
    slowest = models.BigIntegerField()  # longest time of answer, microseconds
    last_at = models.DateTimeField()  # the last of them

    class Meta:
        """An hour's messages of a kind stand once; found by hour, and by institution."""

        constraints = (models.UniqueConstraint(fields=["hour", "institution", "infno", "outcome"], name="monitoring_hour_once"),)
        indexes = (models.Index(fields=["institution", "-hour"]),)


class Refusal(models.Model):
    """A message that was refused or failed 被拒报文. One row per message, for thirty days; in a flood the first hundred of each write."""

    at = models.DateTimeField()  # when it arrived
    institution = models.CharField(max_length=12)  # fixmedins_code; empty when it was not known
    infno = models.CharField(max_length=8)  # number of the message
    outcome = models.CharField(max_length=8)  # refused, failed
    code = models.CharField(max_length=20)  # of the refusal
    trace = models.CharField(max_length=16)  # x-trace-id of the reply, as in the server's log
    micros = models.BigIntegerField()  # time of answer, microseconds

    class Meta:
        """Found by instant, by code, by institution."""

        indexes = (
            models.Index(fields=["-at", "-id"]), models.Index(fields=["code", "-at", "-id"]),
            models.Index(fields=["institution", "-at", "-id"]),
        )  # fmt: skip


class Process(models.Model):
    """A server process 服务进程 and how it does. One row per process; one that has ended is taken out after a day."""

    name = models.CharField(max_length=80, primary_key=True)  # host and number
    started_at = models.DateTimeField()  # when it began
    at = models.DateTimeField()  # its last sign of life
    in_flight = models.IntegerField()  # messages being answered
    waiting = models.IntegerField()  # statements that wait for a connection
    connections = models.IntegerField()  # connections in use
    queues = models.JSONField(default=list)  # [institution, number, messages, seconds the oldest has waited]


class Alert(models.Model):
    """An alert 告警. One row per occasion: raised, known, taken, closed; never deleted."""

    rule = models.CharField(max_length=40)  # rule of alerts.yaml
    object = models.CharField(max_length=80)  # what it is about: an institution, a fund, the server
    severity = models.CharField(max_length=8)  # high, middle, low
    text = models.CharField(max_length=300)  # what is wrong, in Chinese
    text_en = models.CharField(max_length=300)  # what is wrong, in English
    figure = models.FloatField()  # as measured when it was last seen
    bound = models.FloatField()  # the rule's bound
    raised_at = models.DateTimeField()  # first seen
    seen_at = models.DateTimeField()  # last seen
    gone_at = models.DateTimeField(null=True)  # when the cause was gone; it is closed by hand when somebody had taken it
    state = models.CharField(max_length=8, default="raised")  # raised, known, taken, closed
    owner = models.CharField(max_length=60, blank=True)  # login of who has taken it
    closed_at = models.DateTimeField(null=True)  # when it was closed
    closed_by = models.CharField(max_length=60, blank=True)  # login; `watch` when it went by itself
    note = models.CharField(max_length=300, blank=True)  # what was found and done

    class Meta:
        """One open alert per rule and object; open ones are found quickly, all by instant."""

        constraints = (
            models.UniqueConstraint(fields=["rule", "object"], condition=~Q(state="closed"), name="monitoring_alert_one_open"),
        )
        indexes = (models.Index(fields=["-raised_at", "-id"]), models.Index(fields=["state", "-raised_at"]))


class AlertStep(models.Model):
    """What happened to an alert 告警处置. One row per step; never changed."""

    alert = models.ForeignKey(Alert, models.PROTECT)
    at = models.DateTimeField()  # when
    by = models.CharField(max_length=60)  # login; `watch` for the check itself
    what = models.CharField(max_length=12)  # raised, known, taken, note, gone, back, closed
    said = models.CharField(max_length=300, blank=True)  # in words

    class Meta:
        """Found by alert, in order."""

        indexes = (models.Index(fields=["alert", "at"]),)


class Watch(models.Model):
    """The check's own memory 巡检: when it last ran, and where it had come to. One row."""

    ran_at = models.DateTimeField(null=True)  # when it last began
    heads = models.JSONField(default=dict)  # pooling area -> [number, chain]: seals looked at
    looked = models.BigIntegerField(default=0)  # last row of the log of looks that was looked at
    micros = models.BigIntegerField(default=0)  # how long the last run took
