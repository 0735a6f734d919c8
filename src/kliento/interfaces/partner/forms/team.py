"""Who works here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients.rules import ROLES as ROLE_CODES
from kliento.interfaces.partner.forms.base import PortalForm
from kliento.interfaces.partner.wording import ROLES, WHAT_ROLES_MAY


class RoleForm(PortalForm):
    """Somebody's role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(code, ROLES[code]) for code in ROLE_CODES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose a role.")},
    )

    def what_roles_may(self) -> list[tuple[object, object]]:
        """Each role with what it is for."""
        return [(ROLES[code], WHAT_ROLES_MAY[code]) for code in ROLE_CODES]
