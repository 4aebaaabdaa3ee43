"""What was done and who was looked at stays: the two logs take rows and keep them. The other rooms use the same function."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def keep(table: str) -> str:
    """SQL that makes a table refuse UPDATE, DELETE and TRUNCATE."""
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only();"
    )


class Migration(migrations.Migration):
    """The function, and the triggers of this room's logs."""

    dependencies = (("staff", "0001_initial"),)
    operations = (
        migrations.RunSQL(FUNCTION, "DROP FUNCTION append_only();"),
        migrations.RunSQL(keep("staff_act") + keep("staff_look")),
    )
