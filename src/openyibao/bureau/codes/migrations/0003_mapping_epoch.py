"""Mappings have an epoch of their own: a hospital that maps an item does not make servers read the whole catalogue again."""

from django.db import migrations

FORWARDS = """
INSERT INTO codes_epoch (id, number) VALUES (2, 1);
CREATE FUNCTION codes_next_mapping_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE codes_epoch SET number = number + 1 WHERE id = 2;
  RETURN NULL;
END $$;
DROP TRIGGER codes_mapping_epoch ON codes_mapping;
CREATE TRIGGER codes_mapping_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON codes_mapping
  FOR EACH STATEMENT EXECUTE FUNCTION codes_next_mapping_epoch();
"""


class Migration(migrations.Migration):
    """The second row and its function."""

    dependencies = (("codes", "0002_epoch"),)
    operations = (migrations.RunSQL(FORWARDS),)
