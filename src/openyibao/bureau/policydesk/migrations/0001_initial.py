"""First tables of the policydesk desk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Package',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('city', models.CharField(max_length=40)),
                ('files', models.JSONField()),
                ('readings', models.JSONField(default=list)),
                ('rule_sets', models.JSONField(default=list)),
                ('taken_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='InForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.CharField(max_length=40)),
                ('admdvs', models.CharField(max_length=6)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='policydesk.package')),
            ],
            options={
                'indexes': [models.Index(fields=['city', '-at'], name='policydesk__city_8697a5_idx')],
            },
        ),
    ]
