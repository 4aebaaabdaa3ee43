"""The books' own rules in the database: entries balance fund by fund, are never edited, and a closed month takes none.

`document_number` numbers visits, settlements and entries; it runs in blocks of 1,000 that a server hands out.
"""

from django.db import migrations

NUMBERS = "CREATE SEQUENCE document_number START 100001000 INCREMENT BY 1000 CACHE 1;"

BALANCED = """
ALTER TABLE fund_entry ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION fund_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong record;
BEGIN
  SELECT fund, sum(fen) AS fen INTO wrong FROM fund_posting WHERE entry_id = NEW.id GROUP BY fund HAVING sum(fen) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry %: fund % is out of balance by % fen', NEW.id, wrong.fund, wrong.fen
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_entry_balanced';
  END IF;
  IF EXISTS (SELECT 1 FROM fund_close c WHERE c.poolarea = NEW.poolarea AND c.ends > NEW.day) THEN
    RAISE EXCEPTION 'entry %: the books of % are closed for %', NEW.id, NEW.poolarea, NEW.day
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_entry_open_month';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER fund_entry_balanced AFTER INSERT ON fund_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balanced();

CREATE FUNCTION fund_posting_of_this_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stray bigint;
BEGIN
  SELECT n.entry_id INTO stray FROM added n LEFT JOIN fund_entry e ON e.id = n.entry_id
    WHERE e.id IS NULL OR e.xact <> pg_current_xact_id() LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'posting to entry %: an entry takes postings only in its own transaction', stray
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_posting_own_entry';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER fund_posting_of_this_entry AFTER INSERT ON fund_posting
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fund_posting_of_this_entry();

CREATE TRIGGER fund_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_entry
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER fund_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_posting
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""


class Migration(migrations.Migration):
    """The sequence, the column and the triggers."""

    dependencies = (("fund", "0001_initial"), ("staff", "0002_append_only"))
    operations = (migrations.RunSQL(NUMBERS), migrations.RunSQL(BALANCED))
