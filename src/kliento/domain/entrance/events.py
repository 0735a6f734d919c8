"""What happens at the door and stands in Activity: changes of what somebody signs in with."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Group, Kind, Reading, Variants

_LINES = {
    "password": _("New password. Other devices were signed out."),
    "password_removed": _("Password removed. Other devices were signed out."),
    "passkey_added": _("Passkey added. Other devices were signed out."),
    "passkey_removed": _("Passkey removed. Other devices were signed out."),
    "authenticator_on": _("Authenticator app turned on. Other devices were signed out."),
    "authenticator_off": _("Authenticator app turned off. Other devices were signed out."),
    "recovery_codes": _("New recovery codes. Other devices were signed out."),
    "recovery_code_used": _("A recovery code was used. Other devices were signed out."),
}


class SecretChanged(Kind):
    """What signs in was changed, or a recovery code used."""

    code: ClassVar[str] = "secret_changed"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = tuple({"what": what} for what in _LINES)

    def reads(self, entry: EntryView) -> Reading:
        """What was changed; somebody who did not do it learns it here as well as by mail."""
        return Reading(title=_("You changed how you sign in"), line=_LINES.get(str(entry.payload.get("what")), ""))


_STEPS = {
    "asked": _("A new sign-in address was asked for. It counts once its code is given."),
    "changed": _("You sign in with a new address. Other devices were signed out."),
    "removed": _("Deleted. Passkeys alone sign in; other devices were signed out."),
    "taken_back": _("What was added was taken back by the link in our letter. Every device was signed out."),
    "reverted": _("Your former sign-in address is back. Every device was signed out."),
}


class AddressChanged(Kind):
    """Another sign-in address was asked for, took effect, was taken back, or the address deleted."""

    code: ClassVar[str] = "address_changed"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = tuple({"what": what} for what in _STEPS)

    def reads(self, entry: EntryView) -> Reading:
        """What happened; the addresses themselves are not in the log."""
        return Reading(title=_("Your sign-in e-mail"), line=_STEPS.get(str(entry.payload.get("what")), ""))


class NewDevice(Kind):
    """Somebody signed in with a browser the account had not used."""

    code: ClassVar[str] = "new_device"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Which, in two words. Whoever it was not goes to Security."""
        device = str(entry.payload.get("device") or "")
        return Reading(title=_("Signed in on a new device"), line=device or _("A device"), outcome="wait")
