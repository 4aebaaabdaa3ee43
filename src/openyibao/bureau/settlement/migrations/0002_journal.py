"""The journal's own rules in the database: what is settled is never edited; the sealer finds rows in the order of their transactions.

`settlement_must` raises inside a statement, so that one statement writes everything or nothing.
"""

from django.db import migrations

KEPT = ("settlement", "layer", "journal", "seal", "message", "opening")

JOURNAL = """
ALTER TABLE settlement_journal ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX settlement_journal_order ON settlement_journal (xact, id);
ALTER TABLE settlement_seal ADD COLUMN xact xid8 NOT NULL;

CREATE FUNCTION settlement_must(holds boolean, reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF holds THEN RETURN true; END IF;
  RAISE EXCEPTION '%', reason USING ERRCODE = 'OY001';
END $$;
"""


def kept(name: str) -> str:
    """SQL that makes one of this room's tables append-only."""
    table = f"settlement_{name}"
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only();"
    )


class Migration(migrations.Migration):
    """The columns, the function, the triggers."""

    dependencies = (("settlement", "0001_initial"), ("staff", "0002_append_only"), ("fund", "0002_books"))
    operations = (migrations.RunSQL(JOURNAL), migrations.RunSQL("".join(map(kept, KEPT))))
