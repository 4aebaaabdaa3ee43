"""First tables of the enrolment desk."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),  # a person number and a span of days in one exclusion constraint
        migrations.CreateModel(
            name='Card',
            fields=[
                ('card_index', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('psn_no', models.CharField(max_length=30)),
                ('lost_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Employer',
            fields=[
                ('emp_no', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('uscc', models.CharField(blank=True, max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('admdvs', models.CharField(max_length=6)),
                ('closed_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('token_hash', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('psn_no', models.CharField(max_length=30)),
                ('expires_at', models.DateTimeField()),
                ('fixmedins_code', models.CharField(blank=True, max_length=12)),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('psn_no', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('balance', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='enrolment_account_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='AccountMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=10)),
                ('fen', models.BigIntegerField()),
                ('ref', models.CharField(max_length=40)),
                ('for_psn_no', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no', 'id'], name='enrolment_a_psn_no_3da60b_idx')],
            },
        ),
        migrations.CreateModel(
            name='Due',
            fields=[
                ('bill_no', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('emp_no', models.CharField(blank=True, max_length=30)),
                ('month', models.IntegerField()),
                ('base', models.BigIntegerField(default=0)),
                ('employer', models.BigIntegerField(default=0)),
                ('person', models.BigIntegerField(default=0)),
                ('subsidy', models.BigIntegerField(default=0)),
                ('to_account', models.BigIntegerField(default=0)),
                ('due_on', models.DateField()),
                ('relief', models.CharField(blank=True, max_length=20)),
                ('paid_on', models.DateField(null=True)),
                ('receipt_no', models.CharField(blank=True, max_length=40)),
                ('corrects', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no', 'insutype', 'month'], name='enrolment_d_psn_no_bb63ad_idx'), models.Index(condition=models.Q(('paid_on__isnull', True)), fields=['due_on'], name='enrolment_due_unpaid')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('psn_no', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('psn_cert_type', models.CharField(max_length=6)),
                ('certno_cipher', models.BinaryField()),
                ('certno_index', models.BinaryField(max_length=32)),
                ('name', models.CharField(max_length=50)),
                ('gend', models.CharField(max_length=1)),
                ('naty', models.CharField(blank=True, max_length=3)),
                ('brdy', models.DateField()),
                ('died_on', models.DateField(null=True)),
                ('admdvs', models.CharField(max_length=6)),
                ('register_admdvs', models.CharField(blank=True, max_length=6)),
                ('household', models.CharField(blank=True, max_length=30)),
                ('merged_into', models.CharField(blank=True, max_length=30)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['certno_index'], name='enrolment_p_certno__bb9f16_idx'), models.Index(fields=['name'], name='enrolment_p_name_70ec53_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('merged_into', '')), fields=('psn_cert_type', 'certno_index'), name='enrolment_person_cert')],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('admdvs', models.CharField(max_length=6)),
                ('emp_no', models.CharField(blank=True, max_length=30)),
                ('psn_type', models.CharField(max_length=6)),
                ('state', models.CharField(default='1', max_length=1)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('benefit_from', models.DateField()),
                ('benefit_to', models.DateField(null=True)),
                ('wait_until', models.DateField(null=True)),
                ('suspended_from', models.DateField(null=True)),
                ('suspended_to', models.DateField(null=True)),
                ('paid_through', models.IntegerField(default=0)),
                ('civil_servant', models.BooleanField(default=False)),
                ('maternity', models.BooleanField(default=False)),
                ('added', models.SmallIntegerField(default=0)),
                ('source', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no', 'starts'], name='enrolment_r_psn_no_4c19af_idx'), models.Index(fields=['emp_no'], name='enrolment_r_emp_no_11c989_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='enrolment_relation_span'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('insutype__in', ('310', '390')), models.Q(('state', '3'), _negated=True)), expressions=[('psn_no', '='), (models.Func('starts', 'ends', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='enrolment_one_basic_relation')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=30)),
                ('relative', models.CharField(max_length=30)),
                ('relation', models.CharField(max_length=2)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('place', models.SmallIntegerField(default=1)),
                ('limit', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['relative'], name='enrolment_s_relativ_3147ae_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('owner', models.F('relative')), _negated=True), name='enrolment_share_not_self')],
            },
        ),
    ]
