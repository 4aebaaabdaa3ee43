"""A post may carry its duty office."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0004_sessions_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='office',
            field=models.CharField(default='', max_length=120),
        ),
    ]
