"""A package of policies that settled bills is kept as it was."""

from django.db import migrations

SQL = """
CREATE TRIGGER policydesk_package_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policydesk_package
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER policydesk_inforce_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policydesk_inforce
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""


class Migration(migrations.Migration):
    """The triggers."""

    dependencies = (("policydesk", "0001_initial"), ("staff", "0002_append_only"))
    operations = (migrations.RunSQL(SQL),)
