"""A claim code in a form, and one that was entered before its holder has registered or signed in.

Of the latter a browser's session holds the keyed hash: nobody reads the code out of it, and it does nothing without the
person's own decision.
"""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.queries import HeldCode
from kliento.domain.cards.rules import is_claim_code
from kliento.kernel.crockford import tidied

WAITING = "waiting_card"
"""The session key; signing in and registering leave it."""


class ClaimCodeField(forms.CharField):
    """What the till gave; a slip of the finger is told apart before anybody is asked."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Claim code"),
            help_text=_(
                "Thirteen letters and digits, like 7K3M Q2ZT 9V4B X. The till gives it when the card is shown."
            ),
            max_length=40,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "data-claim-code": True,
                }
            ),
            error_messages={"required": _("Enter the claim code.")},
        )

    def clean(self, value: object) -> str:
        """The code in its one form."""
        typed = tidied(super().clean(value))
        if not is_claim_code(typed):
            raise forms.ValidationError(_("Check the code: a letter or digit is wrong."), code="mistyped")
        return typed


def remember(request: HttpRequest, code: HeldCode) -> None:
    """Keep it for when its holder is signed in."""
    request.session[WAITING] = code.digest.hex()


def remembered(request: HttpRequest) -> HeldCode | None:
    """The code this browser keeps; whether it is still good is another question."""
    kept = request.session.get(WAITING)
    return None if kept is None else HeldCode(bytes.fromhex(kept))


def forget(request: HttpRequest) -> None:
    """It was used, or is good no more."""
    request.session.pop(WAITING, None)
