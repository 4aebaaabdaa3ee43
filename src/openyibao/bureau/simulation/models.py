"""Tables of the simulation desk 改革模拟. Amounts in fen."""

from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One piece of work that a worker does 后台运行: a reform simulated on a year of bills, or the database's year written to a store.

    What is simulated stands in the row itself (`reform`), drafts word for word, so that it can be run again to the same figures whatever
    becomes of the drafts. What comes of it lies in the home folder, `simulations/<id>/`.
    """

    SIMULATE, EXPORT = "simulate", "export"
    WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
    STATES = (WAITING, RUNNING, DONE, STOPPED, FAILED)

    kind = models.CharField(max_length=10, default=SIMULATE)
    city = models.CharField(max_length=40)  # folder below policies/
    admdvs = models.CharField(max_length=6)  # 统筹区
    store = models.CharField(max_length=80)  # folder below warehouse/ of the home folder
    year = models.IntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, default="")
    reform = models.JSONField(default=dict)  # drafts [{name, text, origin}], starts, orders, elasticity
    together = models.BigIntegerField(default=0)  # the first run of those that were asked for together; 0 = alone
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=10, default=WAITING)
    tries = models.IntegerField(default=0)  # moves with every start, so that a worker given up for lost writes nothing more
    job = models.BigIntegerField(null=True)  # the queue's number
    worker = models.CharField(max_length=80, default="")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # the worker's last sign of life
    ended_at = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)
    phase = models.CharField(max_length=20, default="")
    done = models.IntegerField(default=0)
    whole = models.IntegerField(default=0)
    problem = models.TextField(default="")
    problem_en = models.TextField(default="")

    figures = models.JSONField(default=dict)  # what a list and a comparison show: fen and counts by name
    digest = models.CharField(max_length=64, default="")  # of every figure of the outcome
    package = models.CharField(max_length=64, default="")  # of the reform's policy package
    again = models.BooleanField(default=False)  # the run under way is a second one, to be compared with the first
    again_at = models.DateTimeField(null=True)
    again_same = models.BooleanField(null=True)  # whether a second run gave the same figures
    expected = models.CharField(max_length=64, default="")  # the digest that a package brought along says

    class Meta:
        """Newest first, by city and by who asked; what is under way is found quickly."""

        indexes = (
            models.Index(fields=("-asked_at", "-id"), name="run_newest"),
            models.Index(fields=("city", "-asked_at", "-id"), name="run_city"),
            models.Index(fields=("asked_by", "-asked_at", "-id"), name="run_asker"),
            models.Index(fields=("state", "-asked_at", "-id"), name="run_state"),
            models.Index(fields=("together",), name="run_together"),
            models.Index(fields=("seen_at",), name="run_seen", condition=Q(state="running")),
        )

    @property
    def seconds(self) -> float | None:
        """How long it took, or takes so far as is known."""
        last = self.ended_at or self.seen_at
        return (last - self.began_at).total_seconds() if self.began_at and last else None

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in (self.DONE, self.STOPPED, self.FAILED)
