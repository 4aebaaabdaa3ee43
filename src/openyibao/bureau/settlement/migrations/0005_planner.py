"""The planner needs no statistics of packed figures: nobody asks for rows by them, and counting them is most of an ANALYZE."""

from django.db import migrations

FIGURES = {"settlement_journal": ("claim", "before", "receipt", "after", "entry"), "settlement_year": ("figures",)}


def statistics(target: int) -> str:
    """How closely the columns are looked at; -1 is the server's default."""
    return "".join(
        f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {target};" for table, columns in FIGURES.items() for column in columns
    )


class Migration(migrations.Migration):
    """Columns of packed figures are left out of ANALYZE."""

    dependencies = (("settlement", "0004_invoices"),)
    operations = (migrations.RunSQL(statistics(0), statistics(-1)),)
