"""Tables of the public's pages 公共服务."""

from django.db import models
from django.db.models import Q


class Objection(models.Model):
    """A person says that a bill is wrong 异议. One row per objection; its answer is written once."""

    psn_no = models.CharField(max_length=30)
    setl_id = models.BigIntegerField()
    area = models.CharField(max_length=9)
    what = models.CharField(max_length=12)  # amount, notme, twice, class, other
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    due = models.DateField()
    state = models.CharField(max_length=10, default="open")  # open, answered
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One open objection a bill; found by person and by state, newest first."""

        constraints = (models.UniqueConstraint(fields=["setl_id"], condition=Q(state="open"), name="frontdesk_objection_one_open"),)
        indexes = (models.Index(fields=["psn_no", "-id"]), models.Index(fields=["state", "-id"]))
