"""A claim code, and what is to become of the card the person has."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.rules import is_claim_code
from kliento.kernel.crockford import tidied

BESIDE = "beside"


class CodeForm(forms.Form):
    """What the till gave."""

    code = forms.CharField(
        label=_("Claim code"),
        help_text=_("Thirteen letters and digits, like 7K3M Q2ZT 9V4B X. The till gives it when the card is shown."),
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

    def clean_code(self) -> str:
        """A slip of the finger is told apart before anybody is asked."""
        typed = tidied(self.cleaned_data["code"])
        if not is_claim_code(typed):
            raise forms.ValidationError(_("Check the code: a letter or digit is wrong."), code="mistyped")
        return typed


class WayForm(forms.Form):
    """Beside the card one has, or instead of one of its media."""

    code = forms.CharField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("How do you want to use it?"),
        widget=forms.RadioSelect,
        initial=BESIDE,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def __init__(self, sent: QueryDict | None, *, code: str, media: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(sent, initial={"code": code, "way": BESIDE})
        instead = [(str(medium_id), _("Instead of: %(card)s") % {"card": name}) for medium_id, name in media]
        self.fields["way"].choices = [(BESIDE, _("Beside my card: both work")), *instead]  # type: ignore[attr-defined]

    def instead_of(self) -> UUID | None:
        """The medium that it takes the place of."""
        way = self.cleaned_data["way"]
        return None if way == BESIDE else UUID(way)
