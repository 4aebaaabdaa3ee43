"""Tables of policies in the making 政策调整."""

from django.db import models


class Draft(models.Model):
    """A draft of a change of policy 政策调整草案. One row per draft; what was submitted is not changed any more."""

    WRITING, SUBMITTED, AGREED, APPROVED, DECLINED, WITHDRAWN = "draft", "submitted", "agreed", "approved", "declined", "withdrawn"

    city = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    why = models.TextField(blank=True)  # 调整理由
    starts = models.DateField()  # first day of new values, where a value names no other
    entries = models.JSONField(default=list)  # drafted.Change as plain values, in order
    state = models.CharField(max_length=10, default=WRITING)
    by = models.CharField(max_length=60)  # login of the drafter
    at = models.DateTimeField()  # last change
    first_by = models.CharField(max_length=60, default="")  # who agreed first
    second_by = models.CharField(max_length=60, default="")  # who agreed then, and put it in force
    amendment = models.BigIntegerField(null=True)  # policydesk.Amendment that it became
    evidence = models.JSONField(default=list)  # [{"simulation": number, "title": words}]

    class Meta:
        """Listed by state and city, newest first."""

        indexes = (
            models.Index(fields=["-at", "-id"]), models.Index(fields=["state", "-at"]), models.Index(fields=["city", "-at"]),
            models.Index(fields=["starts", "id"]),
        )  # fmt: skip


class RuleSetRequest(models.Model):
    """A request to switch an emergency rule set 应急规则启停申请. One row per request; decided by another person."""

    ASKED, CONFIRMED, REFUSED, WITHDRAWN = "asked", "confirmed", "refused", "withdrawn"

    city = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    on = models.BooleanField()
    day = models.DateField()
    diagnoses = models.JSONField(default=list)
    why = models.TextField()
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Found by city; one open request per rule set."""

        indexes = (models.Index(fields=["city", "-id"]),)
        constraints = (
            models.UniqueConstraint(fields=["city", "name"], condition=models.Q(state="asked"), name="policymaking_one_request"),
        )
