"""What a visitor is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CardForm(forms.Form):
    """A card number and the claim code that a till gave for it."""

    number = forms.CharField(
        label=_("Card number"),
        help_text=_("It stands on the card, like K1AB CDEF GHJK MNPQ."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter the card number.")},
    )
    code = forms.CharField(
        label=_("Claim code"),
        help_text=_("A till gives it when the card is shown."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter the claim code.")},
    )
