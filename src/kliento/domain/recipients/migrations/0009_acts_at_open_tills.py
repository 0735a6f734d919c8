"""What is undone at a till that asks nobody who they are stands in its company's audit, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0008_counter"),
    ]

    operations = [
        migrations.AlterField(
            model_name="operatoract",
            name="operator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acts",
                to="recipients.operator",
            ),
        ),
    ]
