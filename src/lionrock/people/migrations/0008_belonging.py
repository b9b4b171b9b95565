"""Administrators of organisations, invitations that can be sent again and taken back, and proven mail domains."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ROLES = [
    ("member", "MEMBER"), ("organisation_admin", "ORGANISATION_ADMIN"), ("office", "OFFICE"), ("assessor", "ASSESSOR"),
    ("committee", "COMMITTEE"), ("chair", "CHAIR"), ("finance", "FINANCE"), ("cluster_admin", "CLUSTER_ADMIN"),
    ("compliance", "COMPLIANCE"), ("auditor", "AUDITOR"), ("programme_owner", "PROGRAMME_OWNER"),
]  # fmt: skip
OF_ORGANISATIONS = ["member", "organisation_admin"]
THE_FIRST_LOOK_AFTER_IT = """
INSERT INTO people_rolegrant (person_id, role, programme, organisation_id, granted_at)
SELECT grants.person_id, 'organisation_admin', '', grants.organisation_id, grants.granted_at
FROM people_rolegrant AS grants JOIN people_person AS person ON person.id = grants.person_id
WHERE grants.role = 'member' AND person.is_active AND grants.granted_at = (
    SELECT min(others.granted_at)
    FROM people_rolegrant AS others JOIN people_person AS other ON other.id = others.person_id
    WHERE others.role = 'member' AND other.is_active AND others.organisation_id = grants.organisation_id
)
"""
"""Who belonged first, or at the same instant as the first, looks after an organisation from now on."""
NOBODY_LOOKS_AFTER_IT = "DELETE FROM people_rolegrant WHERE role = 'organisation_admin'"


class Migration(migrations.Migration):
    dependencies = [("people", "0007_deputies")]

    operations = [
        migrations.RemoveConstraint(model_name="rolegrant", name="people_rolegrant_place"),
        migrations.AlterField(
            model_name="rolegrant", name="role", field=models.CharField(choices=ROLES, max_length=20)
        ),
        migrations.AlterField(
            model_name="deputyship", name="role", field=models.CharField(choices=ROLES, max_length=20)
        ),
        migrations.RunSQL(migrations.RunSQL.noop, NOBODY_LOOKS_AFTER_IT),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(role__in=OF_ORGANISATIONS, programme="", organisation__isnull=False)
                | (
                    ~models.Q(role__in=OF_ORGANISATIONS)
                    & ~models.Q(programme="")
                    & models.Q(organisation__isnull=True)
                ),
                name="people_rolegrant_place",
            ),
        ),
        migrations.AddField(
            model_name="person", name="address_proven_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="joining", name="as_administrator", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="joining", name="edition", field=models.PositiveIntegerField(default=1)
        ),
        migrations.AddField(model_name="joining", name="sent_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="joining", name="taken_back_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="joining", name="taken_back_by", field=models.EmailField(blank=True, max_length=254)
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.CheckConstraint(
                condition=models.Q(organisation__isnull=False)
                | models.Q(as_administrator=False, taken_back_at__isnull=True),
                name="people_joining_invitation",
            ),
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="departures", to="people.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="departures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=253)),
                ("proof", models.CharField(max_length=64)),
                (
                    "standing",
                    models.CharField(
                        choices=[("claimed", "CLAIMED"), ("verified", "VERIFIED"), ("lapsed", "LAPSED")],
                        default="claimed",
                        max_length=10,
                    ),
                ),
                ("lets_in", models.BooleanField(default=False)),
                ("claimed_at", models.DateTimeField()),
                ("claimed_by", models.EmailField(max_length=254)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("next_look_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.EmailField(blank=True, max_length=254)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_domains",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [models.Index(fields=["next_look_at"], name="people_maildomain_next")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(ended_at__isnull=True),
                        fields=["organisation", "name"],
                        name="people_maildomain_claimed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(ended_at__isnull=True, standing="verified"),
                        fields=["name"],
                        name="people_maildomain_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(standing="verified") | models.Q(seen_at__isnull=False),
                        name="people_maildomain_seen",
                    ),
                ],
            },
        ),
        migrations.RunSQL(THE_FIRST_LOOK_AFTER_IT, migrations.RunSQL.noop),
    ]
