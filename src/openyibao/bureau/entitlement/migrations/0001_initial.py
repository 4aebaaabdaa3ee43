"""First tables of the entitlement desk."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('sn', models.BigAutoField(primary_key=True, serialize=False)),
                ('psn_no', models.CharField(max_length=30)),
                ('kind', models.CharField(max_length=12)),
                ('insutype', models.CharField(blank=True, max_length=6)),
                ('code', models.CharField(max_length=30)),
                ('fixmedins_code', models.CharField(blank=True, max_length=12)),
                ('area', models.CharField(blank=True, max_length=6)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('state', models.CharField(default='granted', max_length=10)),
                ('filed_by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'granted')), fields=['psn_no'], name='entitlement_granted')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'granted')), fields=('psn_no', 'kind', 'code', 'starts'), name='entitlement_filing_once'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='entitlement_filing_span')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('psn_idet_type', models.CharField(max_length=6)),
                ('psn_type_lv', models.CharField(blank=True, max_length=3)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('source', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('psn_no', 'psn_idet_type', 'starts'), name='entitlement_identity_once')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=200)),
                ('clause', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no'], name='entitlement_psn_no_187404_idx')],
            },
        ),
    ]
