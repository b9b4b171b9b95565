"""Documents, claims and remittances are sealed: see lionrock/audit."""

from django.db import migrations

from lionrock.audit.guards import await_seals


class Migration(migrations.Migration):
    dependencies = [("statements", "0002_claims_and_remittances"), ("audit", "0003_seals")]

    operations = await_seals("statements_document", "statements_settlement")
