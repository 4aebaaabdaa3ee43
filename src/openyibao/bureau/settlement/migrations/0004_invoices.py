"""Invoices of settlements are found by number: a paper claim must not bring one again."""

from django.db import migrations

INDEX = "CREATE INDEX IF NOT EXISTS settlement_invoice ON settlement_settlement ((detail ->> 'invono')) WHERE detail ? 'invono';"


class Migration(migrations.Migration):
    """One index over the few rows that name an invoice."""

    dependencies = (("settlement", "0003_desk_lists"),)
    operations = (migrations.RunSQL(INDEX, "DROP INDEX IF EXISTS settlement_invoice;"),)
