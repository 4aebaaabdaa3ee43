"""Tables of the policy desk 待遇政策."""

from django.db import models


class Package(models.Model):
    """A package of policies 政策包, whole, by its hash: what settled a bill can be read again for ever. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    city = models.CharField(max_length=40)
    files = models.JSONField()  # path below policies/ -> text
    readings = models.JSONField(default=list)
    rule_sets = models.JSONField(default=list)
    overlays = models.JSONField(default=list)  # [[name, text], ...]: amendments laid over the files, the last on top
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


class Amendment(models.Model):
    """A change of policy that was approved 政策调整: a file laid over the city's own for good. One row per change; never changed."""

    city = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    text = models.TextField()  # the draft as it was approved, in the form of a policy file
    starts = models.DateField()  # first day on which it says something
    draft = models.BigIntegerField()  # the draft that it was
    by = models.JSONField(default=list)  # logins: who drafted, who approved first, who approved then
    at = models.DateTimeField()

    class Meta:
        """Found by city, in the order they were laid."""

        indexes = (models.Index(fields=["city", "id"]),)


class RuleSetSwitch(models.Model):
    """An emergency rule set switched on or off from a day 应急规则启停. One row per switching; never changed."""

    city = models.CharField(max_length=40)
    name = models.CharField(max_length=40)  # of the rule set: epidemic.both.<name>
    on = models.BooleanField()
    day = models.DateField()  # on: first day in force; off: first day no longer in force
    diagnoses = models.JSONField(default=list)  # beginnings of ICD-10 codes whose bills the set concerns
    by = models.JSONField(default=list)  # logins: who asked, who confirmed
    at = models.DateTimeField()

    class Meta:
        """Found by city, in order."""

        indexes = (models.Index(fields=["city", "id"]),)
