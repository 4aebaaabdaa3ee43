"""First tables of the codes desk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CodeSet',
            fields=[
                ('number', models.CharField(max_length=4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=80)),
                ('pattern', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Ceiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hilist_code', models.CharField(max_length=30)),
                ('insu_admdvs', models.CharField(max_length=6)),
                ('lmtpric_type', models.CharField(max_length=30)),
                ('overlmt_dspo_way', models.CharField(blank=True, max_length=30)),
                ('price', models.BigIntegerField()),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hilist_code', 'insu_admdvs', 'lmtpric_type', 'starts'), name='codes_ceiling_once'), models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='codes_ceiling_price')],
            },
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('own_code', models.CharField(max_length=150)),
                ('own_name', models.CharField(max_length=200)),
                ('list_type', models.CharField(max_length=6)),
                ('hilist_code', models.CharField(max_length=50)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('withdrawn', models.BooleanField(default=False)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn', False)), fields=('fixmedins_code', 'own_code', 'list_type'), name='codes_mapping_once')],
            },
        ),
        migrations.CreateModel(
            name='SelfPay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hilist_code', models.CharField(max_length=30)),
                ('insu_admdvs', models.CharField(max_length=6)),
                ('psn_type', models.CharField(blank=True, max_length=30)),
                ('prop_type', models.CharField(blank=True, max_length=30)),
                ('rate', models.IntegerField()),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hilist_code', 'insu_admdvs', 'psn_type', 'prop_type', 'starts'), name='codes_selfpay_once'), models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lte', 10000)), name='codes_selfpay_rate')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('loaded_at', models.DateTimeField()),
                ('rows', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=120)),
                ('code_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='codes.codeset')),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hilist_code', models.CharField(max_length=30)),
                ('list_type', models.CharField(max_length=6)),
                ('name', models.CharField(max_length=200)),
                ('item_class', models.SmallIntegerField()),
                ('med_chrgitm_type', models.CharField(max_length=6)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('replaced_by', models.CharField(blank=True, max_length=30)),
                ('restricted', models.BooleanField(default=False)),
                ('restriction', models.CharField(blank=True, max_length=400)),
                ('dual_channel', models.BooleanField(default=False)),
                ('negotiated', models.BooleanField(default=False)),
                ('basic_medicine', models.BooleanField(default=False)),
                ('spec', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('dosform', models.CharField(blank=True, max_length=60)),
                ('detail', models.JSONField(default=dict)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hilist_code', 'starts'), name='codes_item_once'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='codes_item_span'), models.CheckConstraint(condition=models.Q(('item_class__in', (1, 2, 3))), name='codes_item_class')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('name', models.CharField(max_length=200)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('replaced_by', models.CharField(blank=True, max_length=30)),
                ('detail', models.JSONField(default=dict)),
                ('code_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='codes.codeset')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code_set', 'code', 'starts'), name='codes_code_once'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='codes_code_span')],
            },
        ),
    ]
