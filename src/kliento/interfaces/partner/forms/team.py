"""Who works here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.queries import written_address
from kliento.domain.recipients.rules import ROLES as ROLE_CODES
from kliento.interfaces.partner.forms.portal_form import PortalForm
from kliento.interfaces.partner.wording import ROLES, WHAT_ROLES_MAY
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid


class RoleForm(PortalForm):
    """Somebody's role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(code, ROLES[code]) for code in ROLE_CODES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose a role.")},
    )

    @property
    def what_roles_may(self) -> list[tuple[object, object]]:
        """Each role with what it is for."""
        return [(ROLES[code], WHAT_ROLES_MAY[code]) for code in ROLE_CODES]


class InvitationForm(RoleForm):
    """Whom to invite, and as what. Whether the address has an account is asked nowhere (threat 5)."""

    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("A link goes there. It works once, for seven days, for whoever reads the mail."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter an e-mail address."),
            "max_length": _("An e-mail address has at most 254 characters."),
        },
    )
    field_order = ("email", "role")

    def clean_email(self) -> str:
        """As it is kept and written to."""
        try:
            return written_address(self.cleaned_data["email"], at=now())
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


class NameForm(PortalForm):
    """What one's own team reads."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your team reads it, beside what you do here. Customers do not see it."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter a name."), "max_length": _("A name has at most 60 characters.")},
    )
