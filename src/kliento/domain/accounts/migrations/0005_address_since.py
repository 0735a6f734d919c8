from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factor")]

    operations = [
        migrations.AddField(model_name="account", name="address_since", field=models.DateTimeField(null=True)),
    ]
