"""What the person looks for in their Activity: each part in the address, and any of them left out."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

IN_ADDRESS = {"company": "with", "what": "what", "field": "field", "first": "from", "last": "to", "words": "q"}
"""What each part is called in the address."""
MOST_WORDS = 8
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day that may be left out, as a browser sends it or as people write it here."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("There is no such day. Enter one like 2026-11-22 or 22.11.2026.")},
        )


class FindingForm(forms.Form):
    """Company, group, field, days and words. What was typed stays in it, also what is wrong."""

    company = forms.ChoiceField(
        label=_("Company"),
        required=False,
        error_messages={"invalid_choice": _("No such company is in your Activity. Choose one of the list.")},
    )
    what = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        error_messages={"invalid_choice": _("There is nothing of that kind. Choose one of the list.")},
    )
    field = forms.ChoiceField(
        label=_("Detail"),
        required=False,
        error_messages={"invalid_choice": _("Kliento keeps no such detail. Choose one of the list.")},
    )
    first = DayField(label=pgettext_lazy("a range of days", "From"))
    last = DayField(label=pgettext_lazy("a range of days", "To"))
    words = forms.CharField(
        label=_("Words"),
        help_text=_("Companies, places, details, purposes, or what happened."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": _("Use at most 100 characters.")},
    )

    field_order = ("words", "company", "what", "field", "first", "last")

    def __init__(
        self,
        typed: Mapping[str, Any],
        *,
        companies: Mapping[UUID, str],
        groups: Mapping[Any, object],
        details: Mapping[str, str],
    ) -> None:
        super().__init__(typed)
        listed = sorted(companies.items(), key=lambda company: company[1].casefold())
        self._offer("company", _("All companies"), {str(company_id): name for company_id, name in listed})
        self._offer("what", _("Everything"), groups)
        self._offer("field", _("All details"), details)
        for name in self.errors.keys() & {"first", "last"}:
            self.fields[name].widget.input_type = "text"  # a browser shows nothing in a date input that holds no date

    def add_prefix(self, field_name: str) -> str:
        """As the address says it."""
        return IN_ADDRESS.get(field_name, field_name)

    def clean_words(self) -> str:
        """At most eight, one blank between them."""
        words = self.cleaned_data["words"].split()
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("Use at most eight words."))
        return " ".join(words)

    def clean_first(self) -> date | None:
        """A day the log can know."""
        return self._known_day("first")

    def clean_last(self) -> date | None:
        """A day the log can know."""
        return self._known_day("last")

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        found = self.cleaned_data
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The last day is before the first one. Enter it again, or change the first one."))
        return found

    @property
    def since(self) -> datetime | None:
        """The first moment of the first day, where the person is."""
        return _begin(self.cleaned_data["first"]) if self.cleaned_data["first"] else None

    @property
    def until(self) -> datetime | None:
        """The first moment that is not sought any more: that of the day after the last one."""
        last = self.cleaned_data["last"]
        return _begin(last + timedelta(days=1)) if last else None

    def _offer(self, name: str, all_of_them: object, choices: Mapping[Any, object]) -> None:
        offered = self.fields[name]
        assert isinstance(offered, forms.ChoiceField)  # noqa: S101 - ours, above
        offered.choices = [("", all_of_them), *choices.items()]

    def _known_day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not _EARLIEST <= day <= _LATEST:
            raise forms.ValidationError(_("Enter a day of this century."))
        return day


def _begin(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
