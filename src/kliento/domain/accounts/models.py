"""Credentials: 0..1 person, 0..n operators, 0..1 staff appointment. No address, no name, nothing in clear."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from kliento.kernel.ids import new_id


class Accounts(BaseUserManager["Account"]):
    """Finds an account by its blind login."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Django's backend looks accounts up here."""
        return self.get(login_index=username)


class Account(AbstractBaseUser):
    """One credential. `login_index` is `<hmac of the address>@blind.invalid`; the address itself is sealed in the vault."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "login_index": "index",
        "password": "operational",
        "language": "declared:language",
        "created_at": "operational",
        "last_login": "operational",
        "is_active": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_index = models.EmailField(max_length=100, unique=True)
    language = models.CharField(max_length=2, default="en")
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login_index"
    EMAIL_FIELD = "login_index"

    objects = Accounts()

    class Meta:
        db_table = "accounts_account"


class PendingSignup(models.Model):
    """A sign-up that is not finished. Its address and code are sealed under its own key, which goes with it."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "index": "index",
        "sealed": "sealed",
        "code_hash": "index",
        "attempts": "operational",
        "expires_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    index = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    code_hash = models.BinaryField(max_length=32)
    attempts = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_pending_signup"
