import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("restricted", "Restricted"),
                            ("erasing", "Erasing"),
                            ("erased", "Erased"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("is_minor", models.BooleanField()),
                ("terms_version", models.CharField(max_length=20)),
                ("registered_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_person",
            },
        ),
    ]
