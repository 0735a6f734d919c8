"""What a till remembers about itself, in its session: how long results stay, sounds, the camera, type."""

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_PREFERENCES = "preferences"
_ON_OR_OFF = [("on", _("On")), ("off", _("Off"))]
DIRECTIONS = {"both": "", "entry": "in", "exit": "out"}
DEFAULTS = {"stays": "4", "sounds": "on", "camera": "off", "type": "normal", "way": "both"}


class PreferencesForm(forms.Form):
    """All of them. A button that changes one alone sends that one."""

    stays = forms.ChoiceField(
        label=_("How long a result stays"),
        help_text=_("A new scan replaces it at once. While somebody reaches for its buttons it stays."),
        choices=[
            ("2", _("2 seconds")),
            ("4", _("4 seconds")),
            ("8", _("8 seconds")),
            ("20", _("20 seconds")),
            ("next", _("Until “Next” is pressed")),
        ],
        widget=forms.RadioSelect,
    )
    sounds = forms.ChoiceField(label=_("Sounds"), choices=_ON_OR_OFF, widget=forms.RadioSelect)
    camera = forms.ChoiceField(
        label=_("Camera"),
        help_text=_("On: it starts by itself when this till is opened. Scanners and typing work either way."),
        choices=_ON_OR_OFF,
        widget=forms.RadioSelect,
    )
    type = forms.ChoiceField(
        label=_("Size of the text"),
        choices=[("normal", _("Normal")), ("large", _("Large"))],
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("Where people pass this till"),
        help_text=_("Both: whoever is inside leaves, everybody else comes in."),
        choices=[
            ("entry", pgettext_lazy("the way people go", "Entry")),
            ("exit", pgettext_lazy("the way people go", "Exit")),
            ("both", pgettext_lazy("the way people go", "Both")),
        ],
        widget=forms.RadioSelect,
    )


def preferences_of(session: SessionBase) -> dict[str, str]:
    """What this till is set to."""
    return DEFAULTS | session.get(_PREFERENCES, {})


def direction_of(session: SessionBase) -> str:
    """Which way people go past this till, as a scan says it."""
    return DIRECTIONS[preferences_of(session)["way"]]


def keep_preferences(session: SessionBase, chosen: dict[str, str]) -> None:
    """Remember them for as long as the till is paired."""
    session[_PREFERENCES] = chosen
