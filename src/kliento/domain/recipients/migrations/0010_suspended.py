"""It is known who stopped a third party, and since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0009_acts_at_open_tills"),
    ]

    operations = [
        migrations.AddField(
            model_name="thirdparty",
            name="suspended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="suspended_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
    ]
