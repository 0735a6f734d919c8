from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_no_replacing")]

    operations = [
        migrations.AddField(model_name="membership", name="told_at", field=models.DateTimeField(null=True)),
    ]
