"""What is typed or scanned at the counter."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.rules import is_number, number_for_reading, tidied
from kliento.domain.recipients.queries import AtTheTill
from kliento.kernel.clock import EARLIEST, LATEST
from kliento.kernel.crockford import ALPHABET
from kliento.kernel.errors import Invalid
from kliento.kernel.ids import new_id, time_of


class PairingForm(forms.Form):
    """One-time code and name of the till."""

    code = forms.CharField(
        label=_("Pairing code"),
        help_text=_("Twelve letters and digits, like 7K3M-Q2ZT-9V4B. It works once."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter the pairing code.")},
    )
    name = forms.CharField(
        label=_("Name of this till"),
        help_text=_("It tells your tills apart. Customers do not see it."),
        max_length=60,
        initial=_("Till 1"),
        error_messages={"required": _("Enter a name for this till.")},
    )


class ScanForm(forms.Form):
    """Whatever a scanner typed, or a person. The scan has its id before it is sent, so sending twice is one scan."""

    code = forms.CharField(
        label=_("Card code"),
        max_length=4300,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autofocus": True,
                "spellcheck": "false",
                "enterkeyhint": "go",
                "placeholder": " ",  # lets the style sheet know whether something was typed
                "data-scanner": True,
            }
        ),
        error_messages={"required": _("Scan the card, or type the card number.")},
    )
    scan_id = forms.CharField(widget=forms.HiddenInput, required=False)
    occurred_at = forms.CharField(widget=forms.HiddenInput, required=False)
    direction = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_code(self) -> str:
        """A number with a typing mistake is sent back for another look; everything else goes to be judged."""
        code = str(self.cleaned_data["code"])
        tidy = tidied(code)
        if not tidy.startswith("K1"):
            return code
        meant = tidy.replace("U", "V")  # no card number has a U
        if not is_number(meant):
            raise forms.ValidationError(_("Check the card number: a letter or digit is wrong."), code="mistyped")
        return meant

    @classmethod
    def blank(cls) -> "ScanForm":
        """A form for the next scan."""
        return cls(initial={"scan_id": new_id()})

    def clean_scan_id(self) -> UUID:
        """A form without a usable id gets one: a scan is never refused for it."""
        try:
            scan_id = UUID(self.cleaned_data["scan_id"])
        except ValueError:
            return new_id()
        return scan_id if time_of(scan_id) is not None else new_id()

    def clean_occurred_at(self) -> datetime | None:
        """When it was read, by the till's corrected clock; now, if it does not say."""
        return moment_of(self.cleaned_data["occurred_at"])

    def clean_direction(self) -> str | None:
        """Which way the card was carried, as the till knew it when it was read; None: as the till is set."""
        return {"in": "in", "out": "out", "both": ""}.get(self.cleaned_data["direction"])


def moment_of(text: object) -> datetime | None:
    """A moment with its offset, as scripts write it, the same one for the same text; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(UTC) if moment.tzinfo and EARLIEST <= moment <= LATEST else None
    except (ValueError, OverflowError):
        return None


DIGITS, LETTERS = ALPHABET[:10], ALPHABET[10:]
"""The keys of a till without a keyboard."""


class KeypadForm(ScanForm):
    """The same, typed key by key. A key adds itself to what stands there, or takes away."""

    key = forms.CharField(max_length=5, required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["code"].widget.attrs["inputmode"] = "none"  # the keys are here; a scanner types all the same

    @classmethod
    def after(cls, sent: QueryDict) -> "KeypadForm":
        """The form as it reads once the pressed key has done its work."""
        typed, key = tidied(str(sent.get("code", ""))), str(sent.get("key", ""))
        typed = typed[:-1] if key == "back" else typed + key if key in ALPHABET else typed
        return cls(initial={"code": number_for_reading(typed), "scan_id": sent.get("scan_id") or new_id()})

    @classmethod
    def blank(cls) -> "KeypadForm":
        """Every number begins alike."""
        return cls(initial={"code": "K1", "scan_id": new_id()})


class PinForm(forms.Form):
    """Who opens the till, and their PIN."""

    operator_id = forms.TypedChoiceField(
        label=_("Who are you?"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who you are."), "invalid_choice": _("Choose who you are.")},
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8"}),
        error_messages={"required": _("Enter your PIN."), "max_length": _("A PIN has at most 8 digits.")},
    )

    @classmethod
    def of(cls, request: HttpRequest, listed: Sequence[tuple[AtTheTill, str]]) -> "PinForm":
        """For those who can open this till; one alone need not choose."""
        alone = {"operator_id": listed[0][0].operator_id} if len(listed) == 1 else None
        form = cls(request.POST if request.method == "POST" else None, initial=alone)
        names = [(str(one.operator_id), name or _("No name given")) for one, name in listed]
        cast("forms.TypedChoiceField", form.fields["operator_id"]).choices = names
        return form


class PlaceForm(forms.Form):
    """Another place of the list."""

    premises_id = forms.UUIDField()


class RedeemForm(forms.Form):
    """A reward of one visit, under an id of its own."""

    visit_id = forms.UUIDField()
    redemption_id = forms.UUIDField()


class UndoForm(forms.Form):
    """A redemption to undo."""

    redemption_id = forms.UUIDField()


class UndoScanForm(forms.Form):
    """A scan to undo."""

    scan_id = forms.UUIDField()


class AskForm(forms.Form):
    """A question, and the member it is put to."""

    question_id = forms.UUIDField()
    member_number = forms.CharField(max_length=20)


class ClaimForm(forms.Form):
    """The visit of a card without an account."""

    visit_id = forms.UUIDField()


class UseForm(forms.Form):
    """What was read of a card of another kind."""

    code = forms.CharField(max_length=200)


def understood(form: forms.Form) -> dict[str, Any]:
    """What a button sent. Raises Invalid when it is none of ours."""
    if not form.is_valid():
        raise Invalid(_("This form does not take that."), code="not_understood")
    return form.cleaned_data
