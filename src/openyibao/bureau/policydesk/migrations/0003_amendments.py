"""What officers lay over the policy files: approved changes and emergency rule sets; kept as they were."""

from django.db import migrations, models

SQL = """
CREATE TRIGGER policydesk_amendment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policydesk_amendment
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER policydesk_rulesetswitch_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policydesk_rulesetswitch
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""

KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    """The tables and their triggers."""

    dependencies = (("policydesk", "0002_packages_stay"), ("staff", "0002_append_only"))
    operations = (
        migrations.AddField("package", "overlays", models.JSONField(default=list)),
        migrations.CreateModel(
            "Amendment",
            (
                KEY,
                ("city", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("starts", models.DateField()),
                ("draft", models.BigIntegerField()),
                ("by", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
            ),
            options={"indexes": [models.Index(fields=["city", "id"], name="policydesk__city_3e12a9_idx")]},
        ),
        migrations.CreateModel(
            "RuleSetSwitch",
            (
                KEY,
                ("city", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("on", models.BooleanField()),
                ("day", models.DateField()),
                ("diagnoses", models.JSONField(default=list)),
                ("by", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
            ),
            options={"indexes": [models.Index(fields=["city", "id"], name="policydesk__city_cd24fc_idx")]},
        ),
        migrations.RunSQL(SQL),
    )
