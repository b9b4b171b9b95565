"""Accounts, journals (with their postings) and locks of periods are sealed: see lionrock/audit."""

from django.db import migrations

from lionrock.audit.guards import await_seals


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_period_locks"), ("audit", "0003_seals")]

    operations = await_seals("ledger_ledgeraccount", "ledger_journal", "ledger_periodlock")
