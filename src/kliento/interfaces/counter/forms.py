"""What is typed or scanned at the counter."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.rules import is_number, tidied
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

    def clean_code(self) -> str:
        """A number with a typing mistake is sent back for another look; everything else goes to be judged."""
        code = str(self.cleaned_data["code"])
        tidy = tidied(code)
        if tidy.startswith("K1") and not is_number(tidy):
            raise forms.ValidationError(_("Check the card number: a letter or digit is wrong."), code="mistyped")
        return code

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


def moment_of(text: object) -> datetime | None:
    """A moment with its offset, as scripts write it, the same one for the same text; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


class RedeemForm(forms.Form):
    """A reward of one visit, under an id of its own."""

    visit_id = forms.UUIDField()
    redemption_id = forms.UUIDField()


class UndoForm(forms.Form):
    """A redemption to undo."""

    redemption_id = forms.UUIDField()


class AskForm(forms.Form):
    """A question, and the member it is put to."""

    question_id = forms.UUIDField()
    member_number = forms.CharField(max_length=20)


def understood(form: forms.Form) -> dict[str, Any]:
    """What a button sent. Raises Invalid when it is none of ours."""
    if not form.is_valid():
        raise Invalid(_("This form does not take that."), code="not_understood")
    return form.cleaned_data
