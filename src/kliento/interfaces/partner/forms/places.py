"""The company to work for, and its places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kliento.interfaces.partner.forms.portal_form import PortalForm


class ChoiceForm(PortalForm):
    """The company to work for now; a button."""

    company = forms.UUIDField()


class PremisesForm(PortalForm):
    """A place by its name."""

    name = forms.CharField(
        label=_("Name of the premises"),
        help_text=_("What customers know it by, like the part of town or the street. They see it in their Activity."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter a name."),
            "max_length": _("A name has at most 120 characters."),
        },
    )
