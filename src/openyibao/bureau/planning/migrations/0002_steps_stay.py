"""Steps of tasks and proofs take rows and keep them."""

from django.db import migrations

TABLES = ("planning_step", "planning_proof")


def keep(table: str) -> str:
    """SQL that makes a table refuse UPDATE, DELETE and TRUNCATE."""
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only();"
    )


class Migration(migrations.Migration):
    """The triggers."""

    dependencies = (("planning", "0001_initial"), ("staff", "0002_append_only"))
    operations = tuple(migrations.RunSQL(keep(table), f"DROP TRIGGER {table}_append_only ON {table};") for table in TABLES)
