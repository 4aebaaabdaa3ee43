"""Objections."""


from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('psn_no', models.CharField(max_length=30)),
                ('setl_id', models.BigIntegerField()),
                ('area', models.CharField(max_length=9)),
                ('what', models.CharField(max_length=12)),
                ('text', models.CharField(max_length=500)),
                ('by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('due', models.DateField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('answered_by', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['psn_no', '-id'], name='frontdesk_o_psn_no_2892d6_idx'), models.Index(fields=['state', '-id'], name='frontdesk_o_state_fb56f2_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('setl_id',), name='frontdesk_objection_one_open')],
            },
        ),
    ]
