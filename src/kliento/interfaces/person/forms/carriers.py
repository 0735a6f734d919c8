"""A chip the person carries already, and what they call a medium of theirs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.rules import LONGEST_NAME


class NameForm(forms.Form):
    """The person's own word for it."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Only you see it, like: key ring."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Use at most 40 characters.")},
    )


class CarrierForm(NameForm):
    """What kind it is, and its number; whether that is one is the domain's to say."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        choices=[("nfc", _("An NFC card or sticker")), ("travel", _("A travel card"))],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    code = forms.CharField(
        label=_("Number of the chip"),
        help_text=_("Hexadecimal, like 04:A2:3B:5C:6D:7E:80. A reader that types can type it here."),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-uid": True}
        ),
        error_messages={"required": _("Enter the number of the chip, or let it be read.")},
    )
    field_order = ("kind", "code", "name")
