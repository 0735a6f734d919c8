"""One question for one field of the catalogue, with the input its type asks for.

What is acceptable is the declaration's to say: the form carries text to `profile.actions` and its answer back.
"""

from collections.abc import Callable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.rules import Field

_AUTOCOMPLETE = {
    "first_name": "given-name",
    "last_name": "family-name",
    "nickname": "nickname",
    "username": "off",
    "street_address": "street-address",
    "postcode": "postal-code",
    "city": "address-level2",
    "country": "country-name",
    "phone": "tel",
    "email": "email",
    "birth_date": "bday",
    "title": "honorific-prefix",
    "profession": "organization-title",
}


class ValueForm(forms.Form):
    """Asks for the value of `field` under the name `value`."""

    value: forms.Field

    def __init__(self, field: Field, language: str, sent: QueryDict | None = None, *, text: str = "") -> None:
        initial = text.split(",") if field.type == "choices" and text else text
        super().__init__(sent, initial={"value": initial})
        asked = _QUESTIONS.get(field.type, _line)(field, language)
        asked.label = field.label.inn(language)
        asked.help_text = field.hint.inn(language) if field.hint else asked.help_text
        asked.error_messages["required"] = _("Write something, or go back and remove the detail.")
        asked.widget.attrs["autocomplete"] = _AUTOCOMPLETE.get(field.code, "off")
        self.fields["value"] = asked

    def text(self) -> str:
        """What was answered, as the domain takes it: several choices with commas between them."""
        answer = self.cleaned_data["value"]
        return ",".join(answer) if isinstance(answer, list) else answer


def _line(field: Field, language: str) -> forms.Field:
    return forms.CharField(strip=False)


def _lines(field: Field, language: str) -> forms.Field:
    return forms.CharField(strip=False, widget=forms.Textarea(attrs={"rows": 5}))


def _email(field: Field, language: str) -> forms.Field:
    # type=text: browsers refuse internationalised addresses in type=email, the declaration does not.
    return forms.CharField(strip=False, widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false"}))


def _phone(field: Field, language: str) -> forms.Field:
    return forms.CharField(
        strip=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=_("With the area code, like 040 123 4567."),
    )


def _date(field: Field, language: str) -> forms.Field:
    return forms.CharField(strip=False, widget=forms.TextInput(attrs={"type": "date"}))


def _number(field: Field, language: str) -> forms.Field:
    return forms.CharField(strip=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


def _choice(field: Field, language: str) -> forms.Field:
    options = _options(field, language)
    few = len(options) <= 7  # more than a screen of radio buttons is harder than a list
    return forms.ChoiceField(
        choices=options if few else [("", _("Choose")), *options], widget=forms.RadioSelect if few else forms.Select
    )


def _choices(field: Field, language: str) -> forms.Field:
    return forms.MultipleChoiceField(choices=_options(field, language), widget=forms.CheckboxSelectMultiple)


def _options(field: Field, language: str) -> list[tuple[str, object]]:
    return [(code, label.inn(language)) for code, label in field.choices.items()]


_QUESTIONS: dict[str, Callable[[Field, str], forms.Field]] = {
    "long_text": _lines,
    "address": _lines,
    "email": _email,
    "phone": _phone,
    "date": _date,
    "number": _number,
    "choice": _choice,
    "choices": _choices,
}
