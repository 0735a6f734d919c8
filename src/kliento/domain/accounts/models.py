"""Credentials: 0..1 person, 0..n operators, 0..1 staff appointment. No address, no name, nothing in clear."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from kliento.kernel.ids import new_id


class Account(AbstractBaseUser):
    """One credential. `login_index` is a keyed hash of the address, which is sealed in the vault under this id.

    `address_since` is when another address came in place of it; None for the first one, and one that was had back.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "login_index": "index",
        "password": "operational",
        "language": "declared:language",
        "created_at": "operational",
        "address_since": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - many may have none, of "" there is one
    language = models.CharField(max_length=2, default="en")
    created_at = models.DateTimeField()
    address_since = models.DateTimeField(null=True)
    last_login = None  # sessions say when somebody was here; nothing more is kept

    USERNAME_FIELD = "login_index"

    objects = BaseUserManager()

    class Meta:
        db_table = "accounts_account"


class Passkey(models.Model):
    """A public key that signs in for an account. `device` is as coarse as "Chrome, Linux"."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "credential_id": "operational",
        "public_key": "operational",
        "sign_count": "operational",
        "device": "declared:sign_ins",
        "added_at": "declared:sign_ins",
        "last_used_at": "declared:sign_ins",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    device = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_passkey"


class PendingSignup(models.Model):
    """A sign-up that is not finished. Its address is sealed in the vault under this id, which an account takes over.

    A sign-up for an address that has an account looks the same and can never be verified: `code_hash` is random then.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "login_index": "index",
        "code_hash": "index",
        "attempts": "operational",
        "verified_at": "operational",
        "is_minor": "declared:is_minor",
        "terms_version": "operational",
        "expires_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_index = models.CharField(max_length=64)
    code_hash = models.BinaryField(max_length=32)
    attempts = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    is_minor = models.BooleanField(null=True)
    terms_version = models.CharField(max_length=20, default="")
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_pending_signup"
        indexes = (models.Index(fields=["expires_at"], name="accounts_pending_signup_expiry"),)


class Reset(models.Model):
    """Somebody asked for a new password. `code_hash` is random until the account is looked up, after the answer.

    For an address nobody has it stays that way: then no code fits.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "login_index": "index",
        "language": "operational",
        "account": "operational",
        "code_hash": "index",
        "attempts": "operational",
        "verified_at": "operational",
        "expires_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_index = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField(max_length=32)
    attempts = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_reset"
        indexes = (models.Index(fields=["expires_at"], name="accounts_reset_expiry"),)


class AddressChange(models.Model):
    """Somebody signed in wants another sign-in address, which `sealed` holds. One at a time: a newer one replaces it.

    For an address that has an account of its own `code_hash` is random: then no code fits.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "login_index": "index",
        "sealed": "sealed",
        "code_hash": "index",
        "attempts": "operational",
        "verified_at": "operational",
        "expires_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    login_index = models.CharField(max_length=64)
    sealed = models.BinaryField()
    code_hash = models.BinaryField(max_length=32)
    attempts = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_address_change"
        indexes = (models.Index(fields=["expires_at"], name="accounts_address_change_expiry"),)


class FormerAddress(models.Model):
    """A sign-in address that can be had back until `revert_until`, by a link sent there.

    It may be the one in use: then the link takes back what was added at `changed_at`.

    It is an older version in the vault, of which `version` is the number. `token_hash` is the SHA-256 of the link's
    secret.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "login_index": "index",
        "version": "operational",
        "token_hash": "index",
        "changed_at": "operational",
        "revert_until": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    login_index = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    changed_at = models.DateTimeField()
    revert_until = models.DateTimeField()

    class Meta:
        db_table = "accounts_former_address"
        indexes = (models.Index(fields=["revert_until"], name="accounts_former_address_end"),)


class Authenticator(models.Model):
    """An app that shows a new code every half minute. Its secret is sealed under the account; `last_step` was used.

    Until `on_since` it is only being set up, and nothing asks for it.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "sealed": "sealed",
        "begun_at": "operational",
        "on_since": "declared:sign_ins",
        "last_step": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    on_since = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "accounts_authenticator"


class RecoveryCode(models.Model):
    """A code on paper, good once: the row goes with it. `code_hash` is a keyed hash."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "code_hash": "index",
        "made_at": "declared:sign_ins",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_recovery_code"


class Session(AbstractBaseSession):
    """One browser, one audience. `session_key` is the SHA-256 of what the cookie holds: this table opens no session."""

    columns: ClassVar[dict[str, str]] = {
        "session_key": "index",
        "session_data": "operational",
        "expire_date": "operational",
        "audience": "operational",
        "account": "operational",
        "device": "declared:sign_ins",
        "signed_in_at": "declared:sign_ins",
        "last_seen_at": "declared:sign_ins",
    }

    session_key = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=10, default="")
    device = models.CharField(max_length=60, default="")
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    objects: ClassVar[BaseSessionManager[Any]] = BaseSessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "accounts_session"
