from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        # A reset is good for half an hour: one that was under way has no index, and begins again.
        migrations.AddField(
            model_name="reset",
            name="login_index",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reset",
            name="language",
            field=models.CharField(default="en", max_length=5),
            preserve_default=False,
        ),
    ]
