"""Four roles, what third parties are approved for, premises that reveal something, and what operators did."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kliento.domain.recipients.models


def two_roles(apps, schema_editor):
    """Going back: whoever was no owner is a cashier, and who has no account any more cannot be kept, nor the audit."""
    operators = apps.get_model("recipients", "Operator").objects
    operators.filter(account=None).delete()
    operators.exclude(role="owner").update(role="cashier")


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="sealed_name",
            field=models.BinaryField(db_default=b"", default=b""),
        ),
        migrations.AddField(
            model_name="premises",
            name="reveals",
            field=models.CharField(
                blank=True,
                choices=[("", "Nothing"), ("health", "Health"), ("union", "Union"), ("belief", "Belief")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="thirdparty",
            name="purposes",
            field=models.JSONField(
                db_default=models.Value(["identification", "serving", "programme"], output_field=models.JSONField()),
                default=kliento.domain.recipients.models.usual_purposes,
            ),
        ),
        migrations.AlterField(
            model_name="operator",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="operator_roles",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        # Reversed after the audit's table is gone and before the account must not be NULL.
        migrations.RunPython(migrations.RunPython.noop, two_roles),
        migrations.AlterField(
            model_name="operator",
            name="role",
            field=models.CharField(
                choices=[("owner", "Owner"), ("manager", "Manager"), ("till", "Till"), ("analyst", "Analyst")],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="OperatorAct",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="recipients.operator"
                    ),
                ),
                (
                    "third_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recipients.thirdparty"
                    ),
                ),
            ],
            options={
                "db_table": "recipients_operator_act",
                "indexes": [models.Index(fields=["third_party", "-id"], name="recipients_act_third_party")],
            },
        ),
    ]
