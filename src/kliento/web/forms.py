"""What a form did not ask for is refused (threat 22)."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import Invalid

_ALWAYS = frozenset({"csrfmiddlewaretoken"})


def require_only(request: HttpRequest, *names: str) -> None:
    """Raise Invalid when the form carries any other key than these: it is not ignored, it is refused."""
    for name in request.POST:
        if name not in _ALWAYS and name not in names:
            raise Invalid(_("This form does not take that."), code="unknown_key", pointer=name)
