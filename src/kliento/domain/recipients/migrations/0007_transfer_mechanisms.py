"""What data goes on to a third party outside the European Economic Area."""

from django.db import migrations, models


def suspended_abroad(apps, schema_editor):
    """Going back: the version before knows no mechanism, so nobody who needs one is approved there."""
    abroad = apps.get_model("recipients", "ThirdParty").objects.exclude(transfer_mechanism="")
    abroad.filter(state="approved").update(state="suspended")


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0006_one_file_at_a_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="thirdparty",
            name="transfer_mechanism",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="transfer_reference",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="transfer_dated",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="thirdparty",
            constraint=models.CheckConstraint(
                condition=models.Q(transfer_mechanism="")
                | (~models.Q(transfer_reference="") & models.Q(transfer_dated__isnull=False)),
                name="recipients_third_party_transfer_said_in_full",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, suspended_abroad),
    ]
