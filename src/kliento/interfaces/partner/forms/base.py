"""What every form of the portal does."""

from typing import Self

from django import forms
from django.http import HttpRequest

from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only


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
        for name, text in (named or {refusal.pointer: refusal.message}).items():
            self.add_error(name if name in self.fields else next(iter(self.fields), None), str(text))
