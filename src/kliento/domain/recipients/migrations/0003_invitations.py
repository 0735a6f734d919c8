"""Invitations to a team."""

import django.db.models.deletion
from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0002_roles_purposes_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("manager", "Manager"), ("till", "Till"), ("analyst", "Analyst")],
                        max_length=10,
                    ),
                ),
                ("login_index", models.CharField(max_length=64)),
                ("sealed_address", models.BinaryField()),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="recipients.operator"
                    ),
                ),
                (
                    "third_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="recipients.thirdparty",
                    ),
                ),
            ],
            options={
                "db_table": "recipients_invitation",
                "indexes": [models.Index(fields=["expires_at"], name="recipients_invitation_expiry")],
            },
        ),
    ]
