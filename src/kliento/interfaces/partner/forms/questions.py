"""Making a question, and choosing one to put to a member."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.domain.questions.rules import REASON_LENGTH
from kliento.interfaces.partner.forms.base import PortalForm

UNTIL_ENDED = "0"
HOW_LONG = [
    (UNTIL_ENDED, _("Until they end it themselves")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("A year")),
    ("730", _("Two years")),
]


class QuestionForm(PortalForm):
    """What is asked, for what, and why. The two columns of boxes are drawn by the page."""

    purpose = forms.ChoiceField(label=_("Purpose"), widget=forms.RadioSelect)
    needed = forms.MultipleChoiceField(label=_("Needed"), required=False)
    optional = forms.MultipleChoiceField(label=_("Optional"), required=False)
    reason = forms.CharField(
        label=_("Why you ask, in your own words"),
        help_text=_("They read it before they answer. Say what they get from it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in your own words why you ask.")},
    )
    grant_days = forms.ChoiceField(label=_("How long you may see it"), choices=HOW_LONG, initial=UNTIL_ENDED)

    def choose_from(self, *, purposes: Sequence[tuple[str, str]], fields: Sequence[str]) -> None:
        """What this company may ask: the purposes it is approved for, and the fields of those."""
        for name, choices in (("purpose", purposes), ("needed", [(code, code) for code in fields])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # both are choice fields
        self.fields["optional"].choices = self.fields["needed"].choices  # type: ignore[attr-defined]
        if len(purposes) == 1:
            self.fields["purpose"].widget = forms.HiddenInput()
            self.initial.setdefault("purpose", purposes[0][0])


class AskForm(PortalForm):
    """Which question to put to the member."""

    question = forms.ChoiceField(
        label=_("Question"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a question."), "invalid_choice": _("Choose a question.")},
    )

    def choose_from(self, questions: Sequence[tuple[UUID, str]]) -> None:
        """The open questions of this company."""
        self.fields["question"].choices = questions  # type: ignore[attr-defined]  # it is a choice field
