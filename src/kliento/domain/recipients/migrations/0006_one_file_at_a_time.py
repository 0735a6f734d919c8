"""The place of a file that is under way."""

import django.db.models.deletion
from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0006_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileUnderWay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("until", models.DateTimeField()),
                (
                    "third_party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recipients.thirdparty",
                    ),
                ),
            ],
            options={"db_table": "recipients_file_under_way"},
        ),
    ]
