from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DemoMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "dispatch_demo_mail",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("owner_id", models.UUIDField()),
                ("language", models.CharField(max_length=5)),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("good_until", models.DateTimeField(null=True)),
                ("is_last", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "dispatch_letter",
                "indexes": [models.Index(fields=["owner_id"], name="dispatch_letter_owner")],
            },
        ),
    ]
