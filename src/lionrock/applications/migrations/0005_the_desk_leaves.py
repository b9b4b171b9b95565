"""The office's checks belong to the room `intake` now; their table stays where it is, with every row."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0004_what_a_draft_may_lack'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='Check')]),
    ]
