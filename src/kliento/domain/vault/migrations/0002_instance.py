"""One random id in both databases says that they belong together; it is made when it is first asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Instance",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("instance_id", models.UUIDField()),
            ],
            options={
                "db_table": "vault_instance",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="vault_instance_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeysInstance",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("instance_id", models.UUIDField()),
            ],
            options={
                "db_table": "vault_keys_instance",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="vault_keys_instance_only"),
                ],
            },
        ),
    ]
