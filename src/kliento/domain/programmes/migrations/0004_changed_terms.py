from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_issuer_told")]

    operations = [
        migrations.AddField(model_name="programme", name="changed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="programme", name="changed_from", field=models.JSONField(null=True)),
    ]
