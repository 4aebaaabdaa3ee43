"""Steps of a claim are added and never changed."""

from django.db import migrations

KEEP = (
    "CREATE TRIGGER claims_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claims_step "
    "FOR EACH STATEMENT EXECUTE FUNCTION append_only();"
)


class Migration(migrations.Migration):
    """The trigger, of the function that keeps the staff desk's logs."""

    dependencies = (("claims", "0001_initial"), ("staff", "0002_append_only"))
    operations = (migrations.RunSQL(KEEP, "DROP TRIGGER claims_step_append_only ON claims_step;"),)
