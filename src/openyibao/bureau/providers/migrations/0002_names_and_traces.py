"""Department names as long as the wire's; stock moves are found by trace code."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, one index."""

    dependencies = (("providers", "0001_initial"),)
    operations = (
        migrations.AlterField("department", "name", models.CharField(max_length=100)),
        migrations.AddIndex("stockmove", django.contrib.postgres.indexes.GinIndex(fields=["traces"], name="providers_stock_traces")),
    )
