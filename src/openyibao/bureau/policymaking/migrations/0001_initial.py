"""Drafts of a change of policy, and requests to switch an emergency rule set."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Drafts and requests."""

    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("why", models.TextField(blank=True)),
                ("starts", models.DateField()),
                ("entries", models.JSONField(default=list)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("first_by", models.CharField(default="", max_length=60)),
                ("second_by", models.CharField(default="", max_length=60)),
                ("amendment", models.BigIntegerField(null=True)),
                ("evidence", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["-at", "-id"], name="policymakin_at_c0c760_idx"), models.Index(fields=["state", "-at"], name="policymakin_state_8c9535_idx"), models.Index(fields=["city", "-at"], name="policymakin_city_4ba372_idx"), models.Index(fields=["starts", "id"], name="policymakin_starts_7764ca_idx")],
            },
        ),
        migrations.CreateModel(
            name="RuleSetRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("on", models.BooleanField()),
                ("day", models.DateField()),
                ("diagnoses", models.JSONField(default=list)),
                ("why", models.TextField()),
                ("state", models.CharField(default="asked", max_length=10)),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.CharField(default="", max_length=60)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["city", "-id"], name="policymakin_city_ee634a_idx")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("state", "asked")), fields=("city", "name"), name="policymaking_one_request")],
            },
        ),
    )
