"""First tables of the settlement desk."""

import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('file_qury_no', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('filename', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('purpose', models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('infno', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('said', models.JSONField()),
                ('ours', models.JSONField()),
                ('result', models.CharField(max_length=3)),
            ],
        ),
        migrations.CreateModel(
            name='BillList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('setl_id', models.BigIntegerField()),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('psn_no', models.CharField(max_length=30)),
                ('number', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('content', models.JSONField()),
                ('problems', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['setl_id', '-at'], name='settlement__setl_id_7111fd_idx')],
            },
        ),
        migrations.CreateModel(
            name='Diagnosis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mdtrt_id', models.BigIntegerField()),
                ('psn_no', models.CharField(max_length=30)),
                ('place', models.SmallIntegerField()),
                ('main', models.BooleanField(default=False)),
                ('code', models.CharField(max_length=30)),
                ('name', models.CharField(max_length=200)),
                ('stage', models.CharField(blank=True, max_length=3)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mdtrt_id', 'stage', 'place'), name='settlement_diagnosis_once')],
            },
        ),
        migrations.CreateModel(
            name='Encounter',
            fields=[
                ('mdtrt_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('treating', models.CharField(max_length=6)),
                ('insured', models.CharField(max_length=6)),
                ('sort', models.CharField(max_length=1)),
                ('med_type', models.CharField(max_length=6)),
                ('ipt_otp_no', models.CharField(max_length=30)),
                ('begins', models.DateTimeField()),
                ('ends', models.DateTimeField(null=True)),
                ('dise_codg', models.CharField(blank=True, max_length=30)),
                ('dr_code', models.CharField(blank=True, max_length=30)),
                ('dept_code', models.CharField(blank=True, max_length=30)),
                ('state', models.SmallIntegerField(default=0)),
                ('version', models.IntegerField(default=0)),
                ('cert_type', models.CharField(blank=True, max_length=3)),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no', 'begins'], name='settlement__psn_no_4b65f1_idx'), models.Index(condition=models.Q(('sort', 'I'), ('state', 0)), fields=['fixmedins_code', 'begins'], name='settlement_in_hospital')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('poolarea', models.CharField(max_length=6)),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('setl_id', models.BigIntegerField()),
                ('what', models.CharField(max_length=1)),
                ('of', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('shape', models.BigIntegerField()),
                ('claim', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('before', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('receipt', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('after', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('entry', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no', 'insutype', 'id'], name='settlement__psn_no_8dba7d_idx'), models.Index(fields=['setl_id'], name='settlement__setl_id_a1411a_idx')],
            },
        ),
        migrations.CreateModel(
            name='Layer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('setl_id', models.BigIntegerField()),
                ('fund_pay_type', models.CharField(max_length=6)),
                ('name', models.CharField(max_length=60)),
                ('fen', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['setl_id'], name='settlement__setl_id_6c320e_idx')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mdtrt_id', models.BigIntegerField()),
                ('feedetl_sn', models.CharField(max_length=30)),
                ('psn_no', models.CharField(max_length=30)),
                ('chrg_bchno', models.CharField(max_length=30)),
                ('hilist_code', models.CharField(max_length=50)),
                ('own_code', models.CharField(blank=True, max_length=150)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('med_chrgitm_type', models.CharField(max_length=6)),
                ('at', models.DateTimeField()),
                ('quantity', models.BigIntegerField()),
                ('price', models.BigIntegerField()),
                ('item_class', models.SmallIntegerField()),
                ('rate', models.IntegerField()),
                ('ceiling', models.BigIntegerField()),
                ('flags', models.SmallIntegerField()),
                ('takes_back', models.CharField(blank=True, max_length=30)),
                ('fee', models.BigIntegerField()),
                ('full', models.BigIntegerField()),
                ('over', models.BigIntegerField()),
                ('pre', models.BigIntegerField()),
                ('within', models.BigIntegerField()),
                ('scope', models.BigIntegerField()),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mdtrt_id', 'feedetl_sn'), name='settlement_line_once'), models.CheckConstraint(condition=models.Q(('fee', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('full'), '+', models.F('over')), '+', models.F('pre')), '+', models.F('within')))), name='settlement_line_adds')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('msgid', models.CharField(max_length=40)),
                ('infno', models.CharField(max_length=8)),
                ('digest', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
                ('psn_no', models.CharField(blank=True, max_length=30)),
                ('ref', models.BigIntegerField(null=True)),
                ('answer', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fixmedins_code', 'msgid'), name='settlement_message_once')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('year', models.SmallIntegerField()),
                ('figures', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('source', models.CharField(max_length=60)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('psn_no', 'insutype', 'year'), name='settlement_opening_once')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('infno', models.CharField(max_length=8)),
                ('psn_no', models.CharField(blank=True, max_length=30)),
                ('mdtrt_id', models.CharField(blank=True, max_length=30)),
                ('at', models.DateTimeField()),
                ('request', models.JSONField()),
                ('findings', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['fixmedins_code', '-at'], name='settlement__fixmedi_b3be9b_idx')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('poolarea', models.CharField(max_length=6)),
                ('number', models.BigIntegerField()),
                ('journal_id', models.BigIntegerField(unique=True)),
                ('chain', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('poolarea', 'number'), name='settlement_seal_once')],
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('setl_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('mdtrt_id', models.BigIntegerField()),
                ('psn_no', models.CharField(max_length=30)),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('poolarea', models.CharField(max_length=6)),
                ('treating', models.CharField(max_length=6)),
                ('insutype', models.CharField(max_length=6)),
                ('med_type', models.CharField(max_length=6)),
                ('clr_type', models.CharField(max_length=6)),
                ('chrg_bchno', models.CharField(max_length=30)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
                ('msgid', models.CharField(max_length=40)),
                ('mirror_of', models.BigIntegerField(null=True)),
                ('replay_of', models.BigIntegerField(null=True)),
                ('total', models.BigIntegerField()),
                ('full', models.BigIntegerField()),
                ('over', models.BigIntegerField()),
                ('pre', models.BigIntegerField()),
                ('within', models.BigIntegerField()),
                ('deductible', models.BigIntegerField()),
                ('pool', models.BigIntegerField()),
                ('fund', models.BigIntegerField()),
                ('hospital', models.BigIntegerField()),
                ('person', models.BigIntegerField()),
                ('account', models.BigIntegerField()),
                ('family', models.BigIntegerField()),
                ('cash', models.BigIntegerField()),
                ('balance', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['mdtrt_id'], name='settlement__mdtrt_i_d542c5_idx'), models.Index(fields=['psn_no', 'at'], name='settlement__psn_no_dd1571_idx'), models.Index(fields=['fixmedins_code', 'at'], name='settlement__fixmedi_b82af4_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('full'), '+', models.F('over')), '+', models.F('pre')), '+', models.F('within')))), name='settlement_scope_adds'), models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('fund'), '+', models.F('person')), '+', models.F('hospital')))), name='settlement_payers_add'), models.CheckConstraint(condition=models.Q(('person', django.db.models.expressions.CombinedExpression(models.F('account'), '+', models.F('cash')))), name='settlement_person_adds'), models.CheckConstraint(condition=models.Q(('mirror_of__isnull', False), models.Q(('account__gte', 0), ('cash__gte', 0), ('fund__gte', 0), ('hospital__gte', 0), ('person__gte', 0), ('total__gte', 0)), _connector='OR'), name='settlement_not_negative'), models.UniqueConstraint(condition=models.Q(('mirror_of__isnull', False)), fields=('mirror_of',), name='settlement_one_mirror')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mdtrt_id', models.BigIntegerField()),
                ('chrg_bchno', models.CharField(max_length=30)),
                ('setl_id', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mdtrt_id', 'chrg_bchno'), name='settlement_batch_once')],
            },
        ),
        migrations.CreateModel(
            name='Year',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('year', models.SmallIntegerField()),
                ('version', models.BigIntegerField(default=0)),
                ('figures', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('psn_no', 'insutype', 'year'), name='settlement_year_once')],
            },
        ),
    ]
