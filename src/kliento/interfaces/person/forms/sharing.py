"""Until when something is shared, and what is shared at first visits."""

from datetime import datetime, time

from django import forms
from django.http import QueryDict
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

_LAST_MOMENT = time(23, 59, 59)


class UntilForm(forms.Form):
    """Asks for the last day, or for none."""

    ends = forms.ChoiceField(
        label=_("Until when?"),
        choices=[("never", _("Until I stop")), ("day", _("Until a day"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    day = forms.DateField(
        label=_("The last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day like 2027-12-31.")},
    )

    def __init__(self, sent: QueryDict | None = None, *, until: datetime | None = None) -> None:
        day = localtime(until).date() if until else None
        super().__init__(sent, initial={"ends": "day" if until else "never", "day": day})

    def clean(self) -> dict[str, object]:
        """A day is needed where one was chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("ends") == "day" and not cleaned.get("day") and not self.has_error("day"):
            self.add_error("day", _("Choose the last day they may see it."))
        return cleaned

    def until(self) -> datetime | None:
        """The end of the chosen day; None for no end."""
        if self.cleaned_data["ends"] == "never":
            return None
        return make_aware(datetime.combine(self.cleaned_data["day"], _LAST_MOMENT))
