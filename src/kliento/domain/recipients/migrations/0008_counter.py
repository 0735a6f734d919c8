"""What a third party asks of cards, who is on duty at its tills, and places where the way out is counted, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0007_transfer_mechanisms"),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="pin",
            field=models.CharField(blank=True, db_default="", default="", max_length=128),
        ),
        migrations.AddField(
            model_name="operator",
            name="pin_failures",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="operator",
            name="pin_locked_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="premises",
            name="counts",
            field=models.CharField(
                choices=[("visits", "Visits"), ("stays", "Stays")], db_default="visits", default="visits", max_length=6
            ),
        ),
        migrations.AddField(
            model_name="terminal",
            name="list_handed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="least_to_identify",
            field=models.CharField(
                choices=[("uid", "Uid"), ("static", "Static"), ("rotating", "Rotating")],
                db_default="uid",
                default="uid",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="least_to_redeem",
            field=models.CharField(
                choices=[("uid", "Uid"), ("static", "Static"), ("rotating", "Rotating")],
                db_default="static",
                default="static",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="pin_wanted",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
