"""The moves of personal accounts are never edited; `verify` compares their sum with the balance."""

from django.db import migrations

SQL = """
CREATE TRIGGER enrolment_accountmove_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON enrolment_accountmove
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""


class Migration(migrations.Migration):
    """The trigger."""

    dependencies = (("enrolment", "0001_initial"), ("staff", "0002_append_only"))
    operations = (migrations.RunSQL(SQL),)
