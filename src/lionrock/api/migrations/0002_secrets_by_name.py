"""Say under which secret of the installation the keys of webhooks are made."""

from django.db import migrations, models


def _name_the_secret(apps, schema_editor):
    """Say that what is there was made of the secret of now: it counted until now."""
    from lionrock.identity.secret import present

    apps.get_model("api", "Webhook").objects.filter(under="").update(under=present())


class Migration(migrations.Migration):

    dependencies = [
        ("api", "0001_tokens_and_webhooks"),
    ]

    operations = [
        migrations.AddField("webhook", "under", models.CharField(db_default="", max_length=16)),
        migrations.AddField("webhook", "masks", models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
        migrations.RunPython(_name_the_secret, migrations.RunPython.noop),
    ]
