"""Support access, the sign-ins of late, and under which secret of the installation something is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _name_the_secret(apps, schema_editor):
    """Say that what is there was made of the secret of now: it counted until now."""
    from lionrock.identity.secret import present

    for name in ("Authenticator", "RecoveryCode"):
        apps.get_model("identity", name).objects.filter(under="").update(under=present())


class Migration(migrations.Migration):

    dependencies = [
        ("identity", "0001_sessions_and_factors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("authenticator", "under", models.CharField(db_default="", max_length=16)),
        migrations.AddField("authenticator", "mask", models.CharField(blank=True, db_default="", max_length=64)),
        migrations.AddField("recoverycode", "under", models.CharField(db_default="", max_length=16)),
        migrations.RunPython(_name_the_secret, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("method", models.CharField(max_length=10)),
                ("browser", models.CharField(blank=True, max_length=80)),
                ("source", models.CharField(blank=True, max_length=64)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="entries", to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=64)),
                ("supporter", models.EmailField(blank=True, max_length=254)),
                ("parts", models.JSONField()),
                ("reason", models.CharField(max_length=300)),
                ("given_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="support_consents", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("given_at__lt", models.F("ends_at"))), name="identity_consent_span"),
                    models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("person",), name="identity_consent_one_open"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supporter", models.EmailField(max_length=254)),
                ("reason", models.CharField(max_length=300)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("consent", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="supports", to="identity.consent")),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
