"""Every notice that was ever in force. The version before this one neither reads nor writes the table."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=12, unique=True)),
                ("document", models.TextField()),
                ("dated", models.DateField()),
                ("published_at", models.DateTimeField()),
                ("reviewers", models.JSONField()),
                ("texts", models.JSONField(encoder=DjangoJSONEncoder)),
                ("changes", models.JSONField()),
                ("since", models.JSONField()),
                ("fields_since", models.JSONField()),
            ],
            options={"db_table": "policy_notice"},
        ),
    ]
