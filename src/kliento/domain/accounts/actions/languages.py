"""The language in which Kliento writes to somebody."""

from kliento.domain.accounts.models import Account
from kliento.domain.policy.queries import register
from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor
from kliento.kernel.errors import Invalid


def choose_language(language: str, *, by: PersonActor | AccountActor | OperatorActor) -> None:
    """From now on letters to this account are in that language, whoever it is there. Raises Invalid for no language."""
    if language not in register().field("language").choices:
        raise Invalid(code="unknown_language", pointer="language")
    Account.objects.filter(id=by.account_id).update(language=language)
