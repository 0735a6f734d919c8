import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("login_index", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(default="en", max_length=2)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "accounts_account",
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("credential_id", models.BinaryField(max_length=1023, unique=True)),
                ("public_key", models.BinaryField()),
                ("sign_count", models.BigIntegerField()),
                ("device", models.CharField(max_length=60)),
                ("added_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "accounts_passkey",
            },
        ),
        migrations.CreateModel(
            name="PendingSignup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("login_index", models.CharField(max_length=64)),
                ("code_hash", models.BinaryField(max_length=32)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("verified_at", models.DateTimeField(null=True)),
                ("is_minor", models.BooleanField(null=True)),
                ("terms_version", models.CharField(default="", max_length=20)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "accounts_pending_signup",
                "indexes": [models.Index(fields=["expires_at"], name="accounts_pending_signup_expiry")],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("session_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("audience", models.CharField(default="", max_length=10)),
                ("device", models.CharField(default="", max_length=60)),
                ("signed_in_at", models.DateTimeField(null=True)),
                ("last_seen_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "db_table": "accounts_session",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code_hash", models.BinaryField(max_length=32)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("verified_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "accounts_reset",
                "indexes": [models.Index(fields=["expires_at"], name="accounts_reset_expiry")],
            },
        ),
    ]
