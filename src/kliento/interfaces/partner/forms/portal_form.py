"""The form that every form of the portal is, and what its fields say where something is missing."""

from typing import TYPE_CHECKING, Self

from django import forms
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def number_messages(label: "StrOrPromise", *, most: int) -> dict[str, "StrOrPromise"]:
    """What to do where no number from 1 to `most` was entered."""
    said = format_lazy(_("{label}: enter 1 to {most}."), label=label, most=most)
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), said)


def text_messages(label: "StrOrPromise", *, most: int) -> dict[str, "StrOrPromise"]:
    """What to do where no text of at most `most` characters was entered."""
    return {
        "required": format_lazy(_("{label}: fill it in."), label=label),
        "max_length": format_lazy(_("{label}: at most {most} characters."), label=label, most=most),
    }


class PortalForm(forms.Form):
    """A form that is either asked or answered."""

    use_required_attribute = False

    @classmethod
    def of(cls, request: HttpRequest, **initial: object) -> Self:
        """Blank, or holding what was sent. Raises Invalid for keys the form does not have."""
        if request.method != "POST":
            return cls(initial=initial)
        require_only(request, *cls.base_fields)
        return cls(request.POST)

    def refuse(self, refusal: Invalid | Conflict) -> None:
        """Show a refusal of the domain at each field it names, or at the first one."""
        named = refusal.fields if isinstance(refusal, Invalid) else {}
        for name, text in (named or {refusal.pointer or "": refusal.message}).items():
            self.add_error(name if name in self.fields else next(iter(self.fields), None), str(text))
