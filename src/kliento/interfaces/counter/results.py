"""How an answer looks at the till: one colour, one icon, one verb, and what can be done about it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kliento.domain.cards.rules import NoChip, chip_number
from kliento.domain.programmes.events import words_of_stamps
from kliento.domain.programmes.rules import StampsView
from kliento.domain.visits.actions import ScanResult
from kliento.domain.visits.rules import Outcome
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import KlientoError
from kliento.kernel.ids import new_id
from kliento.web.reading import filled, member_number, written_in


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward that can be redeemed in this visit. It has its id before it is sent: sent twice it is one redemption."""

    reward: str
    visit_id: UUID
    redemption_id: UUID


@dataclass(frozen=True, slots=True)
class ClaimCodeShown:
    """A claim code as text and as a picture (data URI) that leads to the address, for whoever holds the card.

    `kept`: where they see and delete what is kept under it without an account, as short as it can be typed.
    """

    code: str
    expires_at: datetime
    address: str
    kept: str
    picture: str


@dataclass(frozen=True, slots=True)
class Result:
    """A whole screen. `state` is its colour: ok, no or wait; the icon says the same without colour.

    `show`: no answer but something to read, in no colour of its own. `wants`: it says what to show next, and stays for
    that.
    """

    state: str
    icon: str
    title: str
    lines: tuple[str, ...] = ()
    member_number: str = ""
    offer: Offer | None = None
    wants: bool = False
    undo: UUID | None = None
    claim: UUID | None = None  # the visit of a card without an account: its holder can be given a claim code
    travel: str = field(default="", repr=False)  # what was read and is no code of ours: its holder can ask to use it
    claim_code: ClaimCodeShown | None = field(default=None, repr=False)  # stays until somebody goes on

    @property
    def holds(self) -> bool:
        """Whether somebody has to decide: the camera waits with the next code."""
        return bool(self.offer or self.undo or self.claim or self.travel or self.claim_code)


def result_of(scan: ScanResult, *, at: TerminalActor) -> Result:
    """The screen for an answer, at this terminal."""
    if scan.outcome is Outcome.TOO_WEAK:
        return Result("no", "x", _("This card is not enough here"), (_enough(at.least_to_identify),))
    if scan.outcome is Outcome.IDENTIFIED:
        return _identified(scan)
    if scan.outcome is Outcome.UNCLAIMED:
        return _unclaimed(scan)
    if scan.outcome is Outcome.REPLAYED and scan.first_at is not None:
        shown_at = date_format(localtime(scan.first_at), "TIME_FORMAT")
        return Result("wait", "clock", _("Already scanned %(time)s") % {"time": shown_at})
    return _others()[scan.outcome]


def unknown(code: str) -> Result:
    """No code of ours. A chip's number its holder can ask to use."""
    result, chip = _others()[Outcome.UNKNOWN], chip_number(code)
    if chip is NoChip.PRODUCT:
        return replace(result, lines=(_("This is the number of a product."),))
    return result if isinstance(chip, NoChip) else replace(result, travel=code)


def not_usable(error: KlientoError) -> Result:
    """Why what was read cannot be a card."""
    return Result("no", "x", _("This cannot be used as a card"), (str(error.message),))


def redeemed(stamps: StampsView, redemption_id: UUID, *, language: str) -> Result:
    """The reward may be handed over. `language`: what the company writes in."""
    title = filled(_("Redeemed: %(reward)s"), reward=written_in(stamps.reward, language))
    return Result("ok", "gift", title, (_stamps(stamps),), undo=redemption_id)


def undone(stamps: StampsView, *, language: str) -> Result:
    """The stamps are back."""
    title = filled(_("Undone: %(reward)s"), reward=written_in(stamps.reward, language))
    return Result("ok", "undo-2", title, (_stamps(stamps),))


def scan_undone() -> Result:
    """The visit does not count."""
    return Result("ok", "undo-2", _("Undone"), (_("The visit does not count. The customer can see that."),))


def scan_stands(error: KlientoError) -> Result:
    """Why it could not be undone."""
    if error.code == "too_late_to_undo":
        return Result(
            "wait", "triangle-alert", _("Too late to undo"), (_("A scan can be undone for 10 minutes only."),)
        )
    return Result("wait", "triangle-alert", _("Nothing to undo"))


def asked() -> Result:
    """A question was put to the customer."""
    return Result("ok", "message-circle-question-mark", _("Asked"), (_("It is on the customer’s phone."),))


def refused(error: KlientoError, *, at: TerminalActor, visit_id: UUID | None = None) -> Result:
    """Why a reward or a question did not go through at this terminal, in a sentence that says what to do."""
    known = {
        "too_few_stamps": (_("Not enough stamps"), _("The reward may have been redeemed at another till.")),
        "no_card_in_use": (_("No loyalty card in use"), _("The customer can take it into use on the phone.")),
        "visit_over": (_("Scan the card again"), _("This visit began too long ago.")),
        "unknown_visit": (_("Scan the card again"), ""),
        "card_claimed": (_("Scan the card again"), _("The card belongs to somebody by now.")),
        "claim_codes_often": (_("Try again in an hour"), _("This till has given many claim codes.")),
        "too_weak": (_("This card is not enough for a reward"), _enough(at.least_to_redeem)),
        "claim_first": (
            _("This card alone is not enough"),
            _("Give a claim code: on an account, the phone’s code is enough."),
        ),
        "too_late_to_undo": (_("Too late to undo"), _("A reward can be undone for 10 minutes only.")),
        "asked_often": (_("Asked often enough"), _("The customer can still answer on the phone.")),
        "unknown_question": (_("Not asked any more"), _("This question was closed.")),
    }
    if error.code in known:
        title, line = known[error.code]
        claim = visit_id if error.code == "claim_first" else None
        return Result("wait", "triangle-alert", title, (line,) if line else (), claim=claim)
    return _others()[Outcome.NOT_ACCEPTED]


def _to_redeem(scan: ScanResult) -> str:
    """What to do before the reward that is ready can be handed out; empty where there is none or nothing is missing."""
    if not scan.stamps or not scan.stamps.can_redeem or not scan.redeem_with:
        return ""
    if scan.outcome is Outcome.UNCLAIMED:
        return _("To redeem it, give a claim code: on an account, the phone’s code is enough.")
    if scan.redeem_with == "static":
        return _("To redeem it, ask for the code on the customer’s phone, or the printed card.")
    return _("To redeem it, ask for the code on the customer’s phone.")


def _enough(level: str) -> str:
    """What to ask for where a card was too weak, by the weakest that is enough there."""
    if level == "static":
        return _("Ask for the code on the customer’s phone, or the printed card.")
    return _("Ask for the code on the customer’s phone.")


def _identified(scan: ScanResult) -> Result:
    to_redeem = _to_redeem(scan)
    lines = [_member(scan.member_number), _stamps(scan.stamps) if scan.stamps else "", to_redeem]
    return Result(
        "ok",
        "check",
        _welcome(scan.values),
        tuple(filter(None, lines)),
        member_number=scan.member_number or "",
        offer=_offer(scan),
        wants=bool(to_redeem),
    )


def _unclaimed(scan: ScanResult) -> Result:
    kept = _("Visits are kept under the card alone, at most 90 days.")
    lines = (_stamps(scan.stamps) if scan.stamps else "", _to_redeem(scan), kept)
    title = _("Card without an account")
    return Result("ok", "check", title, tuple(filter(None, lines)), offer=_offer(scan), claim=scan.visit_id)


def _offer(scan: ScanResult) -> Offer | None:
    if scan.stamps and scan.stamps.can_redeem and scan.visit_id and not scan.redeem_with:
        return Offer(scan.stamps.reward, scan.visit_id, new_id())
    return None


def _welcome(values: dict[str, str]) -> str:
    name = values.get("nickname") or values.get("first_name")
    return _("Welcome, %(name)s") % {"name": name} if name else _("Welcome")


def _member(number: str | None) -> str:
    return _("Member %(number)s") % {"number": member_number(number)} if number else ""


def _stamps(stamps: StampsView) -> str:
    return words_of_stamps(stamps.balance, stamps.needed)


def _others() -> dict[Outcome, Result]:
    return {
        Outcome.NOT_ACCEPTED: Result("no", "x", _("Not accepted"), (_("The customer can see why in their Activity."),)),
        Outcome.UNKNOWN: Result("no", "x", _("Not a Kliento code")),
        Outcome.EXPIRED: Result("wait", "refresh-cw", _("Code expired, ask to refresh")),
        Outcome.TOO_EARLY: Result(
            "wait", "clock", _("This code is not valid yet. Ask the customer to check the phone’s clock")
        ),
        Outcome.REPLAYED: Result("no", "x", _("Code already used, ask to refresh")),
        Outcome.CLOCK_OFF: Result("wait", "clock", _("Check this till’s clock, then scan again")),
        Outcome.TOO_LATE: Result("wait", "refresh-cw", _("Scan again")),
        Outcome.LEFT: Result("ok", "log-out", _("Goodbye")),
        Outcome.NOT_INSIDE: Result("wait", "triangle-alert", _("No entry today"), (_("Scan the card on the way in."),)),
        Outcome.INVALID: Result("wait", "refresh-cw", _("Scan again")),
        Outcome.TRY_LATER: Result("wait", "clock", _("Too many unknown codes, wait a minute")),
    }
