"""One question a page. What is wrong is said in words that help; what was not asked for is refused (threat 22)."""

import json
from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions import checked_password
from kliento.domain.accounts.queries import login_index, written_address
from kliento.domain.accounts.rules.secrets import Password
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.claim_codes import ClaimCodeField
from kliento.web.forms import require_only

_LONGEST = 254
_LONGEST_PASSWORD = 200
_ADDRESS_INPUT = {"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}


class Question(forms.Form):
    """A form that is either asked or answered."""

    use_required_attribute = False

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Blank, or holding what was sent. Raises Invalid for keys the form does not have."""
        if request.method != "POST":
            return cls()
        require_only(request, *cls.base_fields)
        return cls(request.POST)

    def refuse(self, refusal: Invalid) -> None:
        """Show a refusal of the domain at the field it names."""
        self.add_error(refusal.pointer if refusal.pointer in self.fields else None, str(refusal.message))


class AddressForm(Question):
    """The sign-in address."""

    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("We send a code there."),
        max_length=_LONGEST,
        widget=forms.EmailInput(attrs=_ADDRESS_INPUT),
        error_messages={
            "required": _("Enter your e-mail address."),
            "max_length": _("An e-mail address has at most 254 characters."),
        },
    )

    def clean_email(self) -> str:
        """As it is kept and written to."""
        try:
            return written_address(self.cleaned_data["email"], at=now())
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal

    @property
    def key(self) -> str:
        """What rate limits count by: the same for every spelling of an address."""
        return login_index(self.cleaned_data["email"])


class NewAddressForm(AddressForm):
    """The sign-in address to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class ClaimForm(Question):
    """What the till gave for a card that is nobody's."""

    code = ClaimCodeField()


class CodeForm(Question):
    """The six digits from the mail."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits. It may take a minute to arrive; look among the spam, too."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-code"}),
        error_messages={
            "required": _("Enter the six digits from the mail."),
            "max_length": _("The code has six digits."),
        },
    )


class AddressCodeForm(CodeForm):
    """The same for a change of address: which one it was, so that the code of another tab is not tried on it."""

    change = forms.UUIDField(widget=forms.HiddenInput)


class AppCodeForm(Question):
    """What the authenticator app shows."""

    code = forms.CharField(
        label=_("Code of the app"),
        help_text=_("Six digits. The app shows new ones every half minute."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-code"}),
        error_messages={
            "required": _("Enter the six digits of the app."),
            "max_length": _("The code has six digits."),
        },
    )


class SecondForm(Question):
    """A code of the app, or one from paper."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits of your authenticator app, or one of your recovery codes."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Enter a code of the app or a recovery code."),
            "max_length": _("A recovery code has 16 letters and digits."),
        },
    )


class RecoveryCodeForm(SecondForm):
    """A code from paper alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Recovery code")
        self.fields["code"].help_text = _("16 letters and digits from the page you kept.")
        self.fields["code"].error_messages["required"] = _("Enter a recovery code.")


class AgeForm(Question):
    """A neutral question: nothing tells which answer leads on (R-REG-3)."""

    age_band = forms.ChoiceField(
        label=_("How old are you?"),
        help_text=_("We keep only whether you are under 18."),
        choices=[("under_13", _("Under 13")), ("13_to_17", _("13 to 17")), ("18_or_over", _("18 or over"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your age group.")},
    )


class TermsForm(Question):
    """The version that was on the page; accepting is the button."""

    version = forms.CharField(max_length=20, widget=forms.HiddenInput)


class NewPasswordForm(Question):
    """A password to be."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. Three or four words are easy to remember and hard to guess."),
        max_length=_LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Enter a password."),
            "max_length": _("A password has at most 200 characters."),
        },
    )

    def clean_password(self) -> Password:
        """One that may be used."""
        try:
            return checked_password(self.cleaned_data["password"])
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


class ResetPasswordForm(SecondForm, NewPasswordForm):
    """A password to be, of an account that a password alone does not open."""

    field_order = ("password", "code")


class TeamNameForm(Question):
    """How one's team will know one."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your team reads it, beside what you do there. Customers do not see it."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter a name."), "max_length": _("A name has at most 60 characters.")},
    )


class NewColleagueForm(TeamNameForm, NewPasswordForm):
    """Name and password of somebody who has no account yet."""

    field_order = ("name", "password")


class NewColleaguePasskeyForm(TeamNameForm):
    """The same with a passkey, which a script put here."""

    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput)

    def clean_answer(self) -> dict[str, Any]:
        """As `PasskeyForm` reads it."""
        return json_object(self.cleaned_data["answer"])


class SignInForm(Question):
    """Address and password. Anything is taken: whether it is an address makes no difference to the answer."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=_LONGEST,
        widget=forms.EmailInput(attrs=_ADDRESS_INPUT),
        error_messages={
            "required": _("Enter your e-mail address."),
            "max_length": _("An e-mail address has at most 254 characters."),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=_LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": _("Enter your password."),
            "max_length": _("A password has at most 200 characters."),
        },
    )

    @property
    def key(self) -> str:
        """What rate limits count by."""
        typed = self.cleaned_data["email"]
        try:
            return login_index(written_address(typed, at=now()))
        except Invalid:
            return typed


class PasskeyForm(Question):
    """What the browser's authenticator answered, as a script put it here."""

    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput)

    def clean_answer(self) -> dict[str, Any]:
        """A JSON object; what is in it is judged by the domain."""
        return json_object(self.cleaned_data["answer"])


def json_object(text: str) -> dict[str, Any]:
    """The object in a text. Raises ValidationError for anything else."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise forms.ValidationError(_("The passkey could not be read."), code="passkey_refused") from error
    if not isinstance(answer, dict):
        raise forms.ValidationError(_("The passkey could not be read."), code="passkey_refused")
    return answer
