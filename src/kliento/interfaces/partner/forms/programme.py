"""A stamp programme: what is given for what, and which details it takes."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.domain.programmes.rules import (
    LONGEST_DAYS,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_REWARD,
    MOST_A_DAY,
    MOST_STAMPS_NEEDED,
)
from kliento.interfaces.partner.forms.portal_form import PortalForm, number_messages, text_messages


class TermsForm(PortalForm):
    """What can be changed while people have the card."""

    name = forms.CharField(
        label=_("Name of the loyalty card"),
        max_length=LONGEST_NAME,
        error_messages=text_messages(_("Name of the loyalty card"), most=LONGEST_NAME),
    )
    reward = forms.CharField(
        label=_("Reward"),
        help_text=_("What a full card gets, like “A coffee and a bun”."),
        max_length=LONGEST_REWARD,
        error_messages=text_messages(_("Reward"), most=LONGEST_REWARD),
    )
    stamps_needed = forms.IntegerField(
        label=_("Stamps for a reward"),
        help_text=_("One visit brings one stamp."),
        min_value=1,
        max_value=MOST_STAMPS_NEEDED,
        initial=10,
        error_messages=number_messages(_("Stamps for a reward"), most=MOST_STAMPS_NEEDED),
    )
    most_a_day = forms.IntegerField(
        label=_("Most stamps a day for one member"),
        min_value=1,
        max_value=MOST_A_DAY,
        initial=2,
        error_messages=number_messages(_("Most stamps a day for one member"), most=MOST_A_DAY),
    )
    stamps_last_days = forms.IntegerField(
        label=_("Days a stamp is good for"),
        help_text=_("Leave it empty if stamps never run out."),
        min_value=1,
        max_value=LONGEST_DAYS,
        required=False,
        error_messages=number_messages(_("Days a stamp is good for"), most=LONGEST_DAYS),
    )


class ProgrammeForm(TermsForm):
    """A new programme."""

    fields_asked = forms.MultipleChoiceField(
        label=_("Details you get while the card is in use"),
        help_text=_("People see them before they take the card into use. The fewer, the more take it."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label=_("Why you need these details"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea,
        error_messages=text_messages(_("Why you need these details"), most=LONGEST_REASON),
    )

    def choose_from(self, fields: Sequence[tuple[str, str]]) -> None:
        """The details a programme may ask for."""
        self.fields["fields_asked"].choices = fields  # type: ignore[attr-defined]  # it is a choice field
