"""The programs behind the purposes people can object to, each asked: did you just do something for this person?"""

from collections.abc import Callable
from datetime import timedelta

from django.utils.timezone import localdate

from kliento.domain.improvement.actions import read_feedback, send_feedback, write_counts
from kliento.domain.improvement.queries import views_since
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.taps import cardholder, tap
from tests.world import REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto

TEXT = "More window tables, please."


def regular() -> PersonActor:
    """Somebody for whom every program has something to do: at the gym lately, long ago at the café, with feedback."""
    at = now()
    kaisa, kunto = kahvila_kaisa(at=at), kuntosali_kunto(at=at)
    person = cardholder("vakio@example.fi", "Vieno", at=at - timedelta(days=200))
    for days, place in ((190, kaisa), (3, kunto), (2, kunto)):
        tap(person, place, at=at - timedelta(days=days))
    send_feedback(person.person_id, TEXT, by=person, at=at)
    return person


def counts(person: PersonActor) -> bool:
    """Improvement: a page the person opens is one more."""
    before = _views()
    phone_of(person).get("/me/me")
    return _views() > before


def reads(person: PersonActor) -> bool:
    """Insight: the register holder gets to read the person's feedback."""
    return TEXT in list(read_feedback(by=REGISTER_HOLDER, at=now()))


def orders(person: PersonActor) -> bool:
    """Personalisation: the gym, where the person goes, stands before the café, which comes first by name."""
    page = text_of(phone_of(person).get("/me/sharing"))
    return page.index("Kuntosali Kunto") < page.index("Kahvila Kaisa")


PROGRAMS: dict[str, Callable[[PersonActor], bool]] = {
    "improvement": counts,
    "insight": reads,
    "personalisation": orders,
}
"""By the purpose they serve."""


def _views() -> int:
    write_counts()
    return sum(each.count for each in views_since(localdate(now())) if each.page == "person:me")
