"""Tables of the entitlement desk 待遇资格. Spans half-open."""

from django.db import models
from django.db.models import Q


class Filing(models.Model):
    """A filed entitlement 备案: chronic, two-disease, special drug, off-site, referral, fixed provider. One row per filing."""

    CHRONIC, TWO_DISEASE, SPECIAL_DRUG, OFFSITE, REFERRAL, FIXED = "chronic", "two-disease", "special-drug", "offsite", "referral", "fixed"

    sn = models.BigAutoField(primary_key=True)  # 待遇申报明细流水号 trt_dcla_detl_sn
    psn_no = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    insutype = models.CharField(max_length=6, blank=True)
    code = models.CharField(max_length=30)  # disease M…, drug, off-site class 1-5 (kernel.codes), or institution
    fixmedins_code = models.CharField(max_length=12, blank=True)  # where it is granted, or the target of a referral
    area = models.CharField(max_length=6, blank=True)  # off-site: treating area
    starts = models.DateField()
    ends = models.DateField(null=True)
    state = models.CharField(max_length=10, default="granted")  # granted, withdrawn, refused, asked
    filed_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        """A grant stands once: of a disease or drug by its code, of a place by the place; found by person."""

        constraints = (
            models.UniqueConstraint(
                fields=["psn_no", "kind", "code", "starts"],
                condition=Q(state="granted", kind__in=("chronic", "two-disease", "special-drug")), name="entitlement_disease_once",
            ),
            models.UniqueConstraint(
                fields=["psn_no", "kind", "fixmedins_code", "area", "starts"],
                condition=Q(state="granted", kind__in=("offsite", "referral")), name="entitlement_place_once",
            ),
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gt=models.F("starts")), name="entitlement_filing_span"),
        )
        indexes = (models.Index(fields=["psn_no"], condition=Q(state="granted"), name="entitlement_granted"),)


class Identity(models.Model):
    """A special identity 特殊身份 of a person (psn_idet_type: aid classes, 优抚 …) over a span of days."""

    psn_no = models.CharField(max_length=30)
    psn_idet_type = models.CharField(max_length=6)
    psn_type_lv = models.CharField(max_length=3, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        """Found by person; an identity starts once on a day."""

        constraints = (models.UniqueConstraint(fields=["psn_no", "psn_idet_type", "starts"], name="entitlement_identity_once"),)


class Measure(models.Model):
    """A measure against an insured person 参保人处理: direct settlement suspended over a span of time (F27)."""

    psn_no = models.CharField(max_length=30)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    clause = models.CharField(max_length=120, blank=True)

    class Meta:
        """Found by person."""

        indexes = (models.Index(fields=["psn_no"]),)
