"""What happens at the door and stands in Activity: changes of what somebody signs in with."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading

_LINES = {
    "password": _("New password. Other devices were signed out."),
    "passkey_added": _("Passkey added. Other devices were signed out."),
    "passkey_removed": _("Passkey removed. Other devices were signed out."),
}


class SecretChanged(Kind):
    """A password was set, or a passkey added or removed."""

    code: ClassVar[str] = "secret_changed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What was changed; somebody who did not do it learns it here as well as by mail."""
        return Reading(title=_("You changed how you sign in"), line=_LINES.get(str(entry.payload.get("what")), ""))
