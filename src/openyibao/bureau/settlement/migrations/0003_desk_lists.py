"""Indexes of the desks' list of bills: by time, by total, by kind of visit."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Each is read in its order from the end, so that a page of a long list costs what a page of a short one costs."""

    dependencies: ClassVar = [("settlement", "0002_journal")]

    operations: ClassVar = [
        migrations.AddIndex("settlement", models.Index(fields=["at", "setl_id", "total"], name="settlement_by_time")),
        migrations.AddIndex("settlement", models.Index(fields=["total", "setl_id"], name="settlement_by_total")),
        migrations.AddIndex("settlement", models.Index(fields=["med_type", "at"], name="settlement_by_kind")),
    ]
