"""Tables of the policy desk 待遇政策."""

from django.db import models


class Package(models.Model):
    """A package of policies 政策包, whole, by its hash: what settled a bill can be read again for ever. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    city = models.CharField(max_length=40)
    files = models.JSONField()  # path below policies/ -> text
    readings = models.JSONField(default=list)
    rule_sets = models.JSONField(default=list)
    taken_at = models.DateTimeField()


class InForce(models.Model):
    """Which package a city settles under from an instant on 政策启用. One row per change."""

    city = models.CharField(max_length=40)
    admdvs = models.CharField(max_length=6)
    package = models.ForeignKey(Package, models.PROTECT)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        """Found by city, newest first."""

        indexes = (models.Index(fields=["city", "-at"]),)
