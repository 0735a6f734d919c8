"""The role "cashier" is called "till". The previous version may still write it: until it is gone it reads as "till"."""

from django.db import migrations


def cashiers_are_tills(apps, schema_editor):
    """Whoever was a cashier works at a till. Repeatable."""
    apps.get_model("recipients", "Operator").objects.filter(role="cashier").update(role="till")


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0003_invitations"),
    ]

    operations = [
        # Nothing to take back here: "till" is known since 0002, which makes two roles of four when it is reversed.
        migrations.RunPython(cashiers_are_tills, migrations.RunPython.noop),
    ]
