"""The office's checks come from the room `applications`: table, indexes and constraints stay as they are.

What guards a table is named after the room of its model, so that the guards are renamed; in one
transaction, so that no row is ever unguarded.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

TABLE = 'applications_check'
STAND = ('pgtrigger_checks_stand_83bbb', '4048b18c9d7ccaf5283a65eaf9f8501cf944b6ae'), (
    'pgtrigger_checks_stand_2a632', '0a5f751ad3855534f05e2da68995cb0cb59e24e1'
)
NEVER_EMPTIED = ('pgtrigger_never_emptied_f4f29', '9a4bc6cd52505c6a57e1a0d4ae13d148e04670b5'), (
    'pgtrigger_never_emptied_f15a1', 'c6649abc2329db8fe729ed596a65140665a4190f'
)


def renamed(before, after):
    """Return the step that gives a guard, and the function that it calls, another name and the hash of it."""
    there, back = (
        f"ALTER TRIGGER {old} ON {TABLE} RENAME TO {new}; ALTER FUNCTION {old}() RENAME TO {new}; "
        f"COMMENT ON TRIGGER {new} ON {TABLE} IS '{digest}';"
        for (old, _), (new, digest) in ((before, after), (after, before))
    )
    return migrations.RunSQL(there, back)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('applications', '0005_the_desk_leaves'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[renamed(*STAND), renamed(*NEVER_EMPTIED)],
            state_operations=[
                migrations.CreateModel(
                    name='Check',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round', models.PositiveIntegerField()),
                        ('kind', models.CharField(choices=[('taken', 'taken in hand by one of the office'), ('judged', 'open findings judged'), ('returned', 'returned with a question'), ('accepted', 'found complete and eligible'), ('rejected', 'found ineligible')], max_length=10)),
                        ('by', models.CharField(max_length=254)),
                        ('at', models.DateTimeField()),
                        ('reason', models.TextField(blank=True)),
                        ('findings', models.JSONField(blank=True, default=list)),
                        ('judgements', models.JSONField(blank=True, default=list)),
                        ('due', models.DateField(blank=True, null=True)),
                        ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='applications.application')),
                    ],
                    options={
                        'db_table': 'applications_check',
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['application', 'kind'], name='applications_check_kind'), models.Index(fields=['by', 'kind'], name='applications_check_by')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['taken', 'judged', 'returned', 'accepted', 'rejected'])), name='applications_check_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='applications_check_asks')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='check',
                    trigger=pgtrigger.compiler.Trigger(name='checks_stand', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0a5f751ad3855534f05e2da68995cb0cb59e24e1', operation='UPDATE OR DELETE', pgid='pgtrigger_checks_stand_2a632', table='applications_check', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='check',
                    trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'checks of applications are never removed';", hash='c6649abc2329db8fe729ed596a65140665a4190f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_f15a1', table='applications_check', when='BEFORE')),
                ),
            ],
        ),
    ]
