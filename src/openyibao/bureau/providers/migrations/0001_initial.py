"""First tables of the providers desk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('settings', models.JSONField()),
                ('enabled', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Institution',
            fields=[
                ('fixmedins_code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=6)),
                ('hosp_lv', models.CharField(blank=True, max_length=2)),
                ('uscc', models.CharField(blank=True, max_length=18)),
                ('admdvs', models.CharField(max_length=6)),
                ('detail', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('hosp_dept_codg', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=50)),
                ('caty', models.CharField(blank=True, max_length=10)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('withdrawn', models.BooleanField(default=False)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn', False)), fields=('fixmedins_code', 'hosp_dept_codg'), name='providers_dept_once')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=30)),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=200)),
                ('clause', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'indexes': [models.Index(fields=['target'], name='providers_m_target_14b76f_idx')],
            },
        ),
        migrations.CreateModel(
            name='Practitioner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('kind', models.CharField(max_length=3)),
                ('name', models.CharField(max_length=50)),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('hosp_dept_codg', models.CharField(blank=True, max_length=20)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'fixmedins_code'), name='providers_practitioner_once')],
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('sign_no', models.BigAutoField(primary_key=True, serialize=False)),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('opter_no', models.CharField(max_length=30)),
                ('at', models.DateTimeField()),
                ('out_at', models.DateTimeField(null=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['fixmedins_code', 'opter_no', '-at'], name='providers_s_fixmedi_f87cd3_idx')],
            },
        ),
        migrations.CreateModel(
            name='StockMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=4)),
                ('own_code', models.CharField(max_length=150)),
                ('hilist_code', models.CharField(max_length=50)),
                ('batch_no', models.CharField(max_length=60)),
                ('quantity', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(null=True)),
                ('traces', models.JSONField(default=list)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['fixmedins_code', 'hilist_code', 'at'], name='providers_s_fixmedi_b9a060_idx'), models.Index(fields=['fixmedins_code', 'batch_no'], name='providers_s_fixmedi_b60ab2_idx')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('scope', models.CharField(blank=True, max_length=200)),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='providers.institution')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('institution', 'starts'), name='providers_agreement_once')],
            },
        ),
    ]
