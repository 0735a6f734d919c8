"""The audit is purged by time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0004_cashiers_are_tills"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="operatoract",
            index=models.Index(fields=["at"], name="recipients_act_at"),
        ),
    ]
