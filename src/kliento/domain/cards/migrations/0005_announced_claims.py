"""When the owners of a till were told of a claim."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0004_not_accepted")]

    operations = [migrations.AddField("claim", "announced_at", models.DateTimeField(null=True))]
