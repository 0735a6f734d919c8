"""Blank cards to hand out."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kliento.interfaces.partner.forms.portal_form import PortalForm, number_messages

MOST = 100


class BlankCardsForm(PortalForm):
    """How many, in which language, as what; and which form it is, so that sending it twice makes the cards once."""

    size = forms.IntegerField(
        label=_("How many cards"),
        help_text=_("At most 100 at a time, ten on a sheet of A4."),
        min_value=1,
        max_value=MOST,
        error_messages=number_messages(_("How many cards"), most=MOST),
    )
    language = forms.ChoiceField(label=_("Language on the card"), choices=settings.LANGUAGES)
    form = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[("page", "page"), ("pdf", "pdf")], required=False, widget=forms.HiddenInput)
