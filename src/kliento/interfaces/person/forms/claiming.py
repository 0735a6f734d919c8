"""A claim code, and what is to become of the card the person has."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kliento.web.claim_codes import ClaimCodeField

BESIDE = "beside"


class CodeForm(forms.Form):
    """What the till gave."""

    code = ClaimCodeField()


class WayForm(forms.Form):
    """Beside the card one has, or instead of one of its media."""

    code = forms.CharField(widget=forms.HiddenInput, required=False)
    way = forms.ChoiceField(
        label=_("How do you want to use it?"),
        widget=forms.RadioSelect,
        initial=BESIDE,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def __init__(self, sent: QueryDict | None, *, code: str = "", media: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(sent, initial={"code": code, "way": BESIDE})
        instead = [(str(medium_id), _("Instead of: %(card)s") % {"card": name}) for medium_id, name in media]
        self.fields["way"].choices = [(BESIDE, _("Beside my card: both work")), *instead]  # type: ignore[attr-defined]

    def instead_of(self) -> UUID | None:
        """The medium that it takes the place of."""
        way = self.cleaned_data["way"]
        return None if way == BESIDE else UUID(way)
