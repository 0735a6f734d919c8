"""What a letter is for. Safe while the previous version runs: its letters are about one's own account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="purpose",
            field=models.CharField(db_default="service", default="service", max_length=60),
        ),
    ]
