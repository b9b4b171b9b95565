from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_joining'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.CharField(choices=[('member', 'MEMBER'), ('office', 'OFFICE'), ('assessor', 'ASSESSOR'), ('committee', 'COMMITTEE'), ('chair', 'CHAIR'), ('finance', 'FINANCE'), ('cluster_admin', 'CLUSTER_ADMIN'), ('compliance', 'COMPLIANCE'), ('auditor', 'AUDITOR')], max_length=20),
        ),
    ]
