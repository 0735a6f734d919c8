from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Periodic",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("last_error_code", models.CharField(default="", max_length=60)),
            ],
            options={
                "db_table": "outbox_periodic",
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField(null=True)),
                ("ref", models.CharField(max_length=100)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("last_error_code", models.CharField(default="", max_length=60)),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "outbox_item",
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at__isnull", True)), fields=["next_at"], name="outbox_item_due"
                    ),
                    models.Index(fields=["subject_id"], name="outbox_item_subject"),
                ],
            },
        ),
    ]
