"""Open sessions, changes that a second person confirms, indexes for long lists."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0003_desks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('key', models.CharField(max_length=40)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('decided_by', models.CharField(default='', max_length=60)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('address', models.CharField(max_length=45)),
                ('browser', models.CharField(max_length=200)),
            ],
        ),
        migrations.AddIndex(
            model_name='act',
            index=models.Index(fields=['-at', '-id'], name='staff_act_at'),
        ),
        migrations.AddIndex(
            model_name='act',
            index=models.Index(fields=['what', 'at'], name='staff_act_what', opclasses=['varchar_pattern_ops', 'timestamptz_ops']),
        ),
        migrations.AddIndex(
            model_name='act',
            index=models.Index(fields=['object', 'at'], name='staff_act_object', opclasses=['varchar_pattern_ops', 'timestamptz_ops']),
        ),
        migrations.AddIndex(
            model_name='look',
            index=models.Index(fields=['officer', '-at', '-id'], name='staff_look_officer'),
        ),
        migrations.AddIndex(
            model_name='look',
            index=models.Index(fields=['-at', '-id'], name='staff_look_at'),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['-at', '-id'], name='staff_signin_at'),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['outcome', '-at', '-id'], name='staff_signin_outcome'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['-at', '-id'], name='staff_change_at'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('kind', 'key'), name='staff_change_one_waiting'),
        ),
        migrations.AddField(
            model_name='session',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['officer', '-seen_at'], name='staff_session_officer'),
        ),
    ]
