"""Sets the stage in an instance: pairs tills, finds phones, prints blank cards, lets somebody lose a phone.

Everything here goes the way the product's own pages go; nothing of anybody who lives there is changed.
"""

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from kliento.domain.accounts.actions import accept_terms, answer_age_band, open_signup, verify_signup
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.cards.actions import block_every_medium, make_blank_cards
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import code_keys, public_code_key, public_sealing_key
from kliento.domain.entrance.actions import finish_signup
from kliento.domain.policy.queries import register
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.models import Premises, ThirdParty
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now
from kliento_till import Terminal, Unreachable
from kliento_till.clock import Clock
from kliento_till.line import Line
from simulation.cards import Cards

HOLDER = SystemActor("simulate")
_BLANK, _LOST = 40, 2


@contextmanager
def paired_tills(number: int) -> Iterator[list[Terminal]]:
    """So many new tills, at the premises there are in turn; shut out again in the end.

    Raises LookupError where there are no premises.
    """
    premises = Premises.objects.filter(third_party__state=ThirdParty.State.APPROVED).order_by("id")
    places = list(premises.values_list("id", flat=True))
    if not places:
        raise LookupError("There is no approved third party with premises.")
    paired: list[tuple[UUID, Terminal]] = []
    try:
        for place in itertools.islice(itertools.cycle(places), number):
            code = recipients.make_pairing_code(place, by=HOLDER, at=now())
            row, secret = recipients.pair_terminal(code, name="Simulated till", at=now())
            paired.append((row.id, terminal_with(secret)))
        yield [terminal for _, terminal in paired]
    finally:
        for terminal_id, _ in paired:
            recipients.revoke_terminal(terminal_id, by=HOLDER, at=now())


def terminal_with(secret: str) -> Terminal:
    """The terminal with this secret, as pairing would have given it."""
    return Terminal(settings.KLIENTO_URL, secret, public_code_key(), public_sealing_key())


def cards(number: int) -> Cards:
    """At most so many phones that are in use, beside blank cards and lost phones. Raises LookupError without any."""
    phones = Medium.objects.filter(kind=Medium.Kind.PHONE, state=Medium.State.ACTIVE, card__person__state="active")
    ordinals = list(phones.order_by("id").values_list("card__ordinal", flat=True)[:number])
    if not ordinals:
        raise LookupError("Nobody here has a phone with a card.")
    blank = make_blank_cards(_BLANK, third_party_id=None, note="simulate", by=HOLDER, at=now()).numbers
    return Cards(ordinals, [_lost_phone() for _ in range(_LOST)], blank, code_keys())


def try_out(terminal: Terminal) -> None:
    """Whether the instance is there and is this one. Raises Unreachable, or Disconnected by another one."""
    line = Line(terminal.url, terminal.secret, clock=Clock(), patience=10)
    try:
        line.ask("GET", "/block-list")
    except Unreachable as error:
        raise Unreachable(f"Nothing serves {terminal.url}. Run: kliento serve") from error
    finally:
        line.close()


def port() -> int:
    """Where the instance listens on this machine."""
    address = urlsplit(settings.KLIENTO_URL)
    return address.port or 80


def _lost_phone() -> int:
    """The ordinal of somebody's who registered, and lost the phone at once."""
    at = now()
    signup = open_signup(f"{secrets.token_hex(8)}@example.fi", at=at)
    verify_signup(signup.id, signup.code or "", at=at)
    answer_age_band(signup.id, is_minor=False, at=at)
    accept_terms(signup.id, version=register().terms.version, at=at)
    person = finish_signup(signup.id, Password(secrets.token_urlsafe(24)), language="en", at=at)
    block_every_medium(person.person_id, by=person, at=at)
    return Medium.objects.get(card__person=person.person_id, kind=Medium.Kind.PHONE).card.ordinal
