"""Two places may be filed on one day, and one institution for two kinds of business: what stands once is told per kind of filing."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One constraint becomes two."""

    dependencies = (("entitlement", "0001_initial"),)
    operations = (
        migrations.RemoveConstraint(model_name="filing", name="entitlement_filing_once"),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                fields=["psn_no", "kind", "code", "starts"],
                condition=Q(state="granted", kind__in=("chronic", "two-disease", "special-drug")), name="entitlement_disease_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                fields=["psn_no", "kind", "fixmedins_code", "area", "starts"],
                condition=Q(state="granted", kind__in=("offsite", "referral")), name="entitlement_place_once",
            ),
        ),
    )
