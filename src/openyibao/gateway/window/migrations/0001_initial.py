"""First tables of the hospital's window, and the numbers its message ids are made of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE window_number", "DROP SEQUENCE window_number"),
        migrations.CreateModel(
            name='Till',
            fields=[
                ('fixmedins_code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('receipts', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Close',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('source', models.CharField(max_length=10)),
                ('agreed', models.BooleanField()),
                ('bills', models.IntegerField()),
                ('theirs', models.BigIntegerField()),
                ('ours', models.BigIntegerField()),
                ('booked', models.BigIntegerField()),
                ('broken', models.IntegerField()),
                ('detail', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['fixmedins_code', '-at'], name='window_clos_fixmedi_443d47_idx'), models.Index(fields=['fixmedins_code', '-day'], name='window_clos_fixmedi_ec4059_idx')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('name', models.CharField(max_length=200)),
                ('rows', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fixmedins_code', 'day'), name='window_upload_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('psn_no', models.CharField(max_length=30)),
                ('name', models.CharField(max_length=50)),
                ('cert_type', models.CharField(max_length=3)),
                ('credential', models.BinaryField()),
                ('insutype', models.CharField(blank=True, max_length=6)),
                ('psn_type', models.CharField(blank=True, max_length=6)),
                ('home', models.CharField(blank=True, max_length=6)),
                ('sort', models.CharField(blank=True, max_length=1)),
                ('med_type', models.CharField(blank=True, max_length=6)),
                ('dise_codg', models.CharField(blank=True, max_length=30)),
                ('dise_name', models.CharField(blank=True, max_length=100)),
                ('dept', models.CharField(blank=True, max_length=30)),
                ('dept_name', models.CharField(blank=True, max_length=100)),
                ('specialty', models.CharField(blank=True, max_length=10)),
                ('doctor', models.CharField(blank=True, max_length=30)),
                ('doctor_name', models.CharField(blank=True, max_length=50)),
                ('diagnoses', models.JSONField(default=list)),
                ('number', models.CharField(max_length=30)),
                ('msgid', models.CharField(max_length=30)),
                ('mdtrt_id', models.BigIntegerField(null=True)),
                ('state', models.SmallIntegerField(default=0)),
                ('begins', models.DateTimeField()),
                ('ends', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
            ],
            options={
                'indexes': [models.Index(fields=['fixmedins_code', '-at'], name='window_visi_fixmedi_75fc8e_idx'), models.Index(fields=['fixmedins_code', 'state', '-at'], name='window_visi_fixmedi_e7e701_idx'), models.Index(fields=['fixmedins_code', 'psn_no', '-at'], name='window_visi_fixmedi_ebda3c_idx'), models.Index(fields=['fixmedins_code', 'name', '-at'], name='window_visi_fixmedi_6c2aed_idx'), models.Index(fields=['fixmedins_code', 'number'], name='window_visi_fixmedi_18e3d8_idx'), models.Index(fields=['mdtrt_id'], name='window_visi_mdtrt_i_912ebe_idx')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.IntegerField()),
                ('feedetl_sn', models.CharField(max_length=30)),
                ('own_code', models.CharField(blank=True, max_length=150)),
                ('code', models.CharField(max_length=50)),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.DecimalField(decimal_places=4, max_digits=14)),
                ('price', models.DecimalField(decimal_places=6, max_digits=16)),
                ('fee', models.BigIntegerField()),
                ('state', models.SmallIntegerField(default=0)),
                ('split', models.JSONField(default=dict)),
                ('refusal', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='window.visit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('visit', 'serial'), name='window_line_once')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixmedins_code', models.CharField(max_length=12)),
                ('msgid', models.CharField(max_length=40)),
                ('infno', models.CharField(max_length=8)),
                ('content', models.TextField(blank=True)),
                ('psn_no', models.CharField(max_length=30)),
                ('mdtrt_id', models.BigIntegerField()),
                ('insutype', models.CharField(blank=True, max_length=6)),
                ('clr_type', models.CharField(blank=True, max_length=6)),
                ('state', models.SmallIntegerField(default=0)),
                ('trial', models.JSONField(default=dict)),
                ('receipt', models.BigIntegerField(null=True)),
                ('setl_id', models.BigIntegerField(null=True)),
                ('setl_at', models.DateTimeField(null=True)),
                ('total', models.BigIntegerField(default=0)),
                ('fund', models.BigIntegerField(default=0)),
                ('account', models.BigIntegerField(default=0)),
                ('cash', models.BigIntegerField(default=0)),
                ('balance', models.BigIntegerField(default=0)),
                ('refusal', models.JSONField(default=dict)),
                ('fetched', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('by', models.CharField(max_length=60)),
                ('takes_back', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='window.booking')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='window.visit')),
            ],
            options={
                'indexes': [models.Index(fields=['fixmedins_code', 'setl_at'], name='window_book_fixmedi_0a580b_idx'), models.Index(condition=models.Q(('state', 1)), fields=['fixmedins_code', 'sent_at'], name='window_booking_unknown'), models.Index(fields=['visit', 'id'], name='window_book_visit_i_7bd0f3_idx')],
                'constraints': [models.UniqueConstraint(fields=('fixmedins_code', 'msgid'), name='window_booking_message'), models.UniqueConstraint(fields=('fixmedins_code', 'receipt'), name='window_booking_receipt'), models.UniqueConstraint(fields=('fixmedins_code', 'setl_id'), name='window_booking_settlement')],
            },
        ),
    ]
