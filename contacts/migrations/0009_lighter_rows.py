"""What is written with each contact: fewer indexes, and on PostgreSQL one for each order instead of two. And work on
very many contacts as rows."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# By bytes, as SQLite has it: then the index of the list also answers what names begin with. Nulls first: then that of
# the last meeting serves "met" forwards and "-met" backwards, as on SQLite.
ORDERED = [
    "DROP INDEX contact_sort_prefix",
    'ALTER TABLE contacts_contact ALTER COLUMN sort_key TYPE varchar(200) COLLATE "C"',
    "DROP INDEX contact_met_order",
    "DROP INDEX contacts_co_team_id_29eddb_idx",
    "CREATE INDEX contacts_co_team_id_29eddb_idx ON contacts_contact (team_id, last_met_at NULLS FIRST, id)",
]
BEFORE = [
    "DROP INDEX contacts_co_team_id_29eddb_idx",
    "CREATE INDEX contacts_co_team_id_29eddb_idx ON contacts_contact (team_id, last_met_at, id)",
    "CREATE INDEX contact_met_order ON contacts_contact (team_id, last_met_at DESC NULLS LAST, id DESC)",
    "ALTER TABLE contacts_contact ALTER COLUMN sort_key TYPE varchar(200)",
    "CREATE INDEX contact_sort_prefix ON contacts_contact (team_id, sort_key varchar_pattern_ops)",
]


def _run(statements: list[str]) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_creations'),
        ('contacts', '0008_fewer_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contact',
            name='contact_once_per_client_id',
        ),
        migrations.AlterField(
            model_name='contact',
            name='created_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='contact',
            name='kind',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.contactkind'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='owner',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='contactpoint',
            name='team',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('client_id__isnull', False)), fields=('team', 'client_id'), name='contact_once_per_client_id'),
        ),
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField()),
                ('act', models.CharField(max_length=40)),
                ('said', models.JSONField(default=dict)),
                ('contact_ids', models.JSONField(default=list)),
                ('query', models.CharField(blank=True, max_length=1000)),
                ('count', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('waiting', 'Waiting'), ('leased', 'Leased'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=7)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.operation')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'leased'])), fields=['state'], name='bulkrun_unfinished')],
                'constraints': [models.UniqueConstraint(fields=('by', 'token'), name='bulkrun_once_per_token')],
            },
        ),
        migrations.RunPython(_run(ORDERED), _run(BEFORE)),
    ]
