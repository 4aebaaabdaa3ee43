"""Every change of the catalogue moves the epoch, so that servers read their copy again; all names of a code are found by it."""

from django.db import migrations

TABLES = ("codes_item", "codes_ceiling", "codes_selfpay", "codes_mapping", "codes_code")

FUNCTION = """
INSERT INTO codes_epoch (id, number) VALUES (1, 1);
CREATE FUNCTION codes_next_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE codes_epoch SET number = number + 1 WHERE id = 1;
  RETURN NULL;
END $$;
"""


def watched(table: str) -> str:
    """SQL that moves the epoch with every statement on a table."""
    return (
        f"CREATE TRIGGER {table}_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION codes_next_epoch();"
    )


class Migration(migrations.Migration):
    """The row, the function, the triggers."""

    dependencies = (("codes", "0001_initial"),)
    operations = (migrations.RunSQL(FUNCTION), migrations.RunSQL("".join(map(watched, TABLES))))
