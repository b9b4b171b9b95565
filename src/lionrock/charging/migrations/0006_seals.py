"""Closed months, their lines and pauses of leases are sealed: see lionrock/audit."""

from django.db import migrations

from lionrock.audit.guards import await_seals


class Migration(migrations.Migration):
    dependencies = [("charging", "0005_run_by_account"), ("audit", "0003_seals")]

    operations = await_seals("charging_monthclose", "charging_chargeline", "charging_leasepause")
