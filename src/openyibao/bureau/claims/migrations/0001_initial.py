"""Paper claims, their papers, steps and payments."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('poolarea', models.CharField(max_length=6)),
                ('state', models.CharField(default='made', max_length=10)),
                ('count', models.IntegerField()),
                ('fen', models.BigIntegerField()),
                ('made_by', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField()),
                ('released_by', models.CharField(blank=True, max_length=60)),
                ('released_at', models.DateTimeField(null=True)),
                ('file_cipher', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('order', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-id'], name='claims_batc_state_6b002e_idx')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('psn_no', models.CharField(max_length=30)),
                ('insutype', models.CharField(max_length=6)),
                ('area', models.CharField(max_length=9)),
                ('institution', models.CharField(max_length=12)),
                ('institution_name', models.CharField(max_length=200)),
                ('treating', models.CharField(max_length=6)),
                ('hosp_lv', models.CharField(blank=True, max_length=2)),
                ('designated', models.BooleanField(default=True)),
                ('med_type', models.CharField(max_length=6)),
                ('because', models.CharField(max_length=12)),
                ('begins', models.DateField()),
                ('ends', models.DateField()),
                ('diagnosis', models.CharField(blank=True, max_length=30)),
                ('diagnosis_name', models.CharField(blank=True, max_length=200)),
                ('disease', models.CharField(blank=True, max_length=30)),
                ('total', models.BigIntegerField(default=0)),
                ('holder', models.CharField(max_length=50)),
                ('bank', models.CharField(max_length=80)),
                ('account_cipher', models.BinaryField()),
                ('account_tail', models.CharField(max_length=4)),
                ('phone_cipher', models.BinaryField(null=True)),
                ('own', models.BooleanField(default=False)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('version', models.IntegerField(default=0)),
                ('entered_by', models.CharField(max_length=60)),
                ('entered_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('due', models.DateField(null=True)),
                ('missing', models.CharField(blank=True, max_length=300)),
                ('refused', models.CharField(blank=True, max_length=300)),
                ('clause', models.CharField(blank=True, max_length=120)),
                ('setl_id', models.BigIntegerField(null=True)),
                ('fund', models.BigIntegerField(null=True)),
                ('pays', models.JSONField(default=list)),
                ('settled_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-id'], name='claims_clai_state_b9df4a_idx'), models.Index(fields=['psn_no', '-id'], name='claims_clai_psn_no_babc8f_idx'), models.Index(fields=['area', '-id'], name='claims_claim_area', opclasses=['varchar_pattern_ops', '']), models.Index(condition=models.Q(('state__in', ('paid', 'rejected', 'settled', 'draft')), _negated=True), fields=['due', 'id'], name='claims_claim_due'), models.Index(fields=['total', 'id'], name='claims_clai_total_5a19cf_idx'), models.Index(fields=['ends', 'id'], name='claims_clai_ends_f5dd7c_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gte', models.F('begins'))), name='claims_claim_days')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=40)),
                ('number', models.CharField(max_length=40)),
                ('fen', models.BigIntegerField()),
                ('live', models.BooleanField(default=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invoices', to='claims.claim')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('issuer', 'number'), name='claims_invoice_once')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.SmallIntegerField()),
                ('code', models.CharField(blank=True, max_length=50)),
                ('name', models.CharField(max_length=200)),
                ('heading', models.CharField(max_length=6)),
                ('quantity', models.BigIntegerField()),
                ('price', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('full', models.BigIntegerField(default=0)),
                ('over', models.BigIntegerField(default=0)),
                ('pre', models.BigIntegerField(default=0)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='claims.claim')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('claim', 'place'), name='claims_line_once')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.IntegerField()),
                ('fen', models.BigIntegerField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=120)),
                ('returned', models.BigIntegerField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='claims.batch')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='claims.claim')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'claim'), name='claims_payment_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'paid'))), fields=('claim',), name='claims_payment_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=20)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='claims.claim')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('claim', 'sha256'), name='claims_scan_once')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('officer', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=50)),
                ('stage', models.CharField(max_length=10)),
                ('outcome', models.CharField(max_length=10)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='claims.claim')),
            ],
            options={
                'indexes': [models.Index(fields=['claim', 'id'], name='claims_step_claim_i_b9f6a4_idx')],
            },
        ),
    ]
