"""What a form did not ask for is refused (threat 22)."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import Invalid

_ALWAYS = frozenset({"csrfmiddlewaretoken"})
_CREDENTIALS = frozenset({"login_email", "email", "password"})
HAS_ITS_OWN_PLACE = _("The sign-in e-mail and the password are not changed here. Change them under Me, Security.")


def require_only(request: HttpRequest, *names: str) -> None:
    """Raise Invalid when the form carries any other key than these: it is not ignored, it is refused.

    What one signs in with has flows of its own, and whoever sends it elsewhere is told where (R-CRD-1).
    """
    for name in request.POST:
        if name not in _ALWAYS and name not in names:
            if name in _CREDENTIALS:
                raise Invalid(HAS_ITS_OWN_PLACE, code="credential_elsewhere", pointer=name)
            raise Invalid(_("This form does not take that."), code="unknown_key", pointer=name)
