"""A task may be a remedy of a deviation."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0002_steps_stay'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='remedy',
            field=models.BooleanField(default=False),
        ),
    ]
