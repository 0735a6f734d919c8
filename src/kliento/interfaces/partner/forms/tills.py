"""What is asked at the tills: which cards are enough, and a PIN of whoever works there."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kliento.domain.recipients.rules import LEVELS_DEMANDED
from kliento.interfaces.partner.forms.portal_form import PortalForm
from kliento.interfaces.partner.wording import LEVELS, WHAT_LEVELS_MEAN

_ENOUGH = [(code, LEVELS[code]) for code in LEVELS_DEMANDED]
_CHOOSE = {"required": _("Choose what is enough."), "invalid_choice": _("Choose what is enough.")}


class DemandsForm(PortalForm):
    """The weakest card that is enough, for each act."""

    identify = forms.ChoiceField(
        label=_("To be identified at the till"),
        choices=_ENOUGH,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    redeem = forms.ChoiceField(
        label=_("To be given a reward"),
        choices=_ENOUGH,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    @property
    def what_levels_mean(self) -> list[tuple[object, object]]:
        """Each of them, and what it means for customers."""
        return [(LEVELS[code], WHAT_LEVELS_MEAN[code]) for code in LEVELS_DEMANDED]


class PinsForm(PortalForm):
    """Whether the tills ask for one."""

    wanted = forms.ChoiceField(
        label=_("What opens your tills"),
        choices=[
            ("no", pgettext_lazy("what opens the tills", "Nothing: whoever stands there can scan")),
            ("yes", pgettext_lazy("what opens the tills", "The PIN of somebody of your team")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )


class PinForm(PortalForm):
    """One's own."""

    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("4 to 8 digits. Not a year, and not digits in a row."),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8"}),
        error_messages={"required": _("Enter a PIN."), "max_length": _("A PIN has at most 8 digits.")},
    )
    again = forms.CharField(
        label=_("The same PIN again"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8"}),
        error_messages={
            "required": _("Enter the same PIN again."),
            "max_length": _("A PIN has at most 8 digits."),
        },
    )

    def clean_again(self) -> str:
        """Both are alike: nobody reads what they type here."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("pin", again):
            raise forms.ValidationError(_("The two PINs are not the same."), code="not_the_same")
        return again


class CountingForm(PortalForm):
    """What is counted at a place."""

    counts = forms.ChoiceField(
        label=_("When do customers show their card?"),
        choices=[
            ("visits", _("Once, when they come or pay")),
            ("stays", _("On the way in and on the way out, like at a gym")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
