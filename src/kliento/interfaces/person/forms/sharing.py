"""Until when something is shared."""

from datetime import datetime, time

from django import forms
from django.http import QueryDict
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

_LAST_MOMENT = time(23, 59, 59)


class UntilForm(forms.Form):
    """Asks for the last day; left empty there is none."""

    day = forms.DateField(
        label=_("The last day they may see it"),
        help_text=_("Leave it empty to share until you stop. We remind you a week before it ends."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day like 2027-12-31.")},
    )

    def __init__(self, sent: QueryDict | None = None, *, until: datetime | None = None) -> None:
        super().__init__(sent, initial={"day": localtime(until).date() if until else None})

    def until(self) -> datetime | None:
        """The end of the chosen day; None for no end."""
        day = self.cleaned_data["day"]
        return make_aware(datetime.combine(day, _LAST_MOMENT)) if day else None
