"""The language a company writes in is known, so that its words are read out as meant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0005_act_times"),
    ]

    operations = [
        migrations.AddField(
            model_name="thirdparty",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
    ]
