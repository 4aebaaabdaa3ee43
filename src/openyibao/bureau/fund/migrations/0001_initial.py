"""First tables of the fund desk."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Close',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('poolarea', models.CharField(max_length=6)),
                ('ends', models.DateField()),
                ('closed_by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.CharField(max_length=30)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('source', models.CharField(max_length=60)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'code'), name='fund_account_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('poolarea', models.CharField(max_length=6)),
                ('day', models.DateField()),
                ('text', models.CharField(max_length=120)),
                ('setl_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['poolarea', 'day'], name='fund_entry_poolare_fa4dd0_idx'), models.Index(condition=models.Q(('setl_id__isnull', False)), fields=['setl_id'], name='fund_entry_setl')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.BigIntegerField()),
                ('fund', models.CharField(max_length=30)),
                ('account', models.CharField(max_length=40)),
                ('fen', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['entry_id'], name='fund_postin_entry_i_5dd0d8_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('fen', 0), _negated=True), name='fund_posting_not_zero')],
            },
        ),
    ]
