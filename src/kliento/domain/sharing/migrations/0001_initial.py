import django.db.models.deletion
from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("recipients", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Relationship",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                (
                    "third_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recipients.thirdparty",
                    ),
                ),
                ("member_number", models.CharField(max_length=8)),
                ("since_at", models.DateTimeField()),
            ],
            options={
                "db_table": "sharing_relationship",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "third_party"), name="sharing_relationship_one_for_each"
                    ),
                    models.UniqueConstraint(
                        fields=("third_party", "member_number"), name="sharing_relationship_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "relationship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="sharing.relationship",
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                ("purpose", models.CharField(max_length=60)),
                ("expires_at", models.DateTimeField(null=True)),
                ("granted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "sharing_grant",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("relationship", "field", "purpose"),
                        name="sharing_grant_live",
                    )
                ],
            },
        ),
    ]
