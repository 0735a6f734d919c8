"""Making a question, and choosing one to put to a member."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.queries import register
from kliento.domain.questions.rules import REASON_LENGTH, special_fields
from kliento.interfaces.partner.forms.portal_form import PortalForm, text_messages
from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only

NOT_ASKED, OPTIONAL, NEEDED = "", "optional", "needed"
HOW_ASKED = [(NOT_ASKED, _("Not asked")), (OPTIONAL, _("Optional")), (NEEDED, _("Needed"))]
UNTIL_ENDED = "0"
HOW_LONG = [
    (UNTIL_ENDED, _("Until they end it themselves")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("A year")),
    ("730", _("Two years")),
]


class QuestionForm(PortalForm):
    """What is asked, for what, and why. Each detail has a field of its own, which the page draws as a row."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a purpose."), "invalid_choice": _("Choose a purpose.")},
    )
    reason = forms.CharField(
        label=_("Why you ask, in your own words"),
        help_text=_("They read it before they answer. Say what they get from it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            **text_messages(_("Why you ask, in your own words"), most=REASON_LENGTH),
            "required": _("Say in your own words why you ask."),
        },
    )
    grant_days = forms.ChoiceField(label=_("How long you may see it"), choices=HOW_LONG, initial=UNTIL_ENDED)

    @classmethod
    def about(
        cls, request: HttpRequest, *, purposes: Sequence[tuple[str, str]], details: Sequence[tuple[str, str]]
    ) -> Self:
        """Blank, or holding what was sent, for the purposes and details this company may ask for, each with its name.

        Raises Invalid for keys the form does not have.
        """
        sent = request.method == "POST"
        if sent:
            require_only(request, *cls.base_fields, *(_name_of(code) for code, _label in details))
        form = cls(request.POST if sent else None)
        form._choose_from(purposes, details)
        return form

    def _choose_from(self, purposes: Sequence[tuple[str, str]], details: Sequence[tuple[str, str]]) -> None:
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]  # it is a choice field
        if len(purposes) == 1:
            self.fields["purpose"].widget = forms.HiddenInput()
            self.initial.setdefault("purpose", purposes[0][0])
        special = special_fields(register())
        self.details = [code for code, _label in details]
        for code, label in details:
            choices = [each for each in HOW_ASKED if not (code in special and each[0] == NEEDED)]
            self.fields[_name_of(code)] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        """A question asks for something; said beside what else is missing."""
        if self.details and not self.asked(NEEDED) and not self.asked(OPTIONAL):
            self.add_error(_name_of(self.details[0]), _("Choose at least one detail to ask for."))
        return self.cleaned_data

    def asked(self, how: str) -> list[str]:
        """The details that are needed, or those that are optional."""
        return [code for code in self.details if self.cleaned_data.get(_name_of(code)) == how]

    def refuse(self, refusal: Invalid | Conflict) -> None:
        """Show a refusal at the detail it names, and say which that is."""
        if refusal.pointer in self.details:
            name = _name_of(refusal.pointer)
            self.add_error(name, f"{self.fields[name].label}: {refusal.message}")
        else:
            super().refuse(refusal)

    @property
    def rows(self) -> list[tuple[forms.BoundField, str, list[tuple[str, object]]]]:
        """Each detail with what is chosen of it and what can be."""
        fields = [self[_name_of(code)] for code in self.details]
        choices = [list(field.field.choices) for field in fields]  # type: ignore[attr-defined]  # they are choice fields
        return [(field, field.value() or NOT_ASKED, each) for field, each in zip(fields, choices, strict=True)]

    @property
    def detail_errors(self) -> list[str]:
        """What is wrong with the details, all of it."""
        return [str(error) for field, _chosen, _choices in self.rows for error in field.errors]


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


def _name_of(code: str) -> str:
    return f"detail_{code}"
