"""What one agrees to: a switch for each purpose and channel, what was said when, and a receipt for each choice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.consents import queries
from kliento.domain.consents.actions import give_consent, note_shown
from kliento.domain.consents.rules import Choice, Noted, Standing
from kliento.domain.dispatch.rules import CHANNELS_RUN
from kliento.domain.people.queries import person_of
from kliento.domain.policy.queries import channels_in_words, register
from kliento.domain.policy.rules import Purpose, asked_for
from kliento.domain.recipients.queries import names_of
from kliento.domain.sharing import queries as sharing
from kliento.domain.sharing.actions import refuse_consent, withdraw_consent
from kliento.domain.sharing.rules import SERVING, Relation
from kliento.interfaces.person.agreeing import asks_again, words_of, words_read
from kliento.interfaces.person.companies import outdated_labels
from kliento.interfaces.person.reading import own_address
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.paging import row_in
from kliento.web.reading import language, said

_ANSWERS = ("agree", "refuse", "withdraw")
_ROWS = 40


@dataclass(frozen=True, slots=True)
class Switch:
    """One purpose on one channel. `kind` is the last thing said about it, "" for nothing yet."""

    purpose: str
    channel: str
    name: str
    wording: str
    kind: str
    in_force: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose as its words are read, and its switches."""

    code: str
    label: str
    description: str
    retention: str
    fields: str
    recipients: str
    switches: list[Switch]


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the history."""

    event: Noted
    title: str
    about: str
    kind: str
    has_receipt: bool


@dataclass(frozen=True, slots=True)
class Explicit:
    """One explicit consent that stands: to what, and for whom."""

    choice: Choice
    label: str
    about: str


def explicit_of(person: PersonActor) -> list[Explicit]:
    """Every explicit consent that stands; each is given on a page of its own. At most two statements."""
    choices = sorted((each for each in queries.standing(person.person_id) if not each.channel), key=str)
    names = _names(choices)
    return [
        Explicit(each, said(register().purposes[each.purpose].label), ", ".join(_about(each, names)))
        for each in choices
    ]


def asked_of(person: PersonActor, *, only: Collection[Choice] | None = None, at: datetime) -> list[Asked]:
    """Every consent that is asked for by channel, or those among `only`, by purpose; notes that they were shown.

    What is locked off for minors is not asked of one (R-REG-3), nor what goes by a channel we do not run.
    """
    stood = queries.choices_of(person.person_id)
    is_minor = person_of(person.account_id).is_minor
    choices = [
        Choice(purpose.code, channel)
        for purpose in _purposes()
        if not purpose.is_locked(is_minor=is_minor)
        for channel in purpose.channels
        if channel in CHANNELS_RUN
    ]
    shown = [each for each in choices if only is None or each in only]
    note_shown(person.person_id, shown, language=language(), by=person, at=at)
    return [_asked(code, list(some), stood) for code, some in groupby(shown, key=lambda each: each.purpose)]


@require_POST
@person_required
@asks_again(at="person:purposes")
def choice(request: PersonRequest, code: str, channel: str) -> HttpResponse:
    """Agree, say no, or take it back: one step each (R-CON-4)."""
    require_only(request, "answer", "wording", "again")
    person, at, chosen = request.person, now(), _choice(code, channel)
    answer = request.POST.get("answer")
    if answer not in _ANSWERS:
        raise NotFound(code="no_answer")
    if answer == "agree":
        give_consent(person.person_id, chosen, shown=words_read(request), by=person, at=at)
        messages.success(request, _("You agreed: %(use)s.") % {"use": _name(chosen)})
    elif answer == "withdraw":
        withdraw_consent(person.person_id, chosen, by=person, at=at)
        messages.success(request, _("You took your consent back: %(use)s.") % {"use": _name(chosen)})
    else:
        refuse_consent(person.person_id, chosen, by=person, at=at)
        messages.success(request, _("You did not agree: %(use)s.") % {"use": _name(chosen)})
    if "again" not in request.POST:
        return redirect("person:purposes")
    wanted = own_address(request.POST["again"]) or reverse("person:card")
    return redirect(f"{reverse('person:asked_again')}?{urlencode({'next': wanted})}")


@require_POST
@person_required
def explicit_withdrawal(request: PersonRequest) -> HttpResponse:
    """Take back an explicit consent that stands, on the page that shows it: one press (R-CON-4)."""
    require_only(request, "purpose", "field", "recipient")
    named = tuple(request.POST.get(key, "") for key in ("purpose", "field", "recipient"))
    for each in explicit_of(request.person):
        if (each.choice.purpose, each.choice.field, str(each.choice.recipient_id or "")) == named:
            withdraw_consent(request.person.person_id, each.choice, by=request.person, at=now())
            messages.success(
                request, _("You took your consent back: %(use)s.") % {"use": f"{each.label}, {each.about}"}
            )
    return redirect("person:purposes")  # what was taken back in another tab stands there no more


@require_safe
@person_required
def asked_again(request: PersonRequest) -> HttpResponse:
    """What somebody agreed to whose words have changed since (R-CON-6); after signing in, and whenever one likes."""
    again = queries.asked_again(request.person.person_id)
    shared = sharing.asked_again(request.person.person_id)
    first_visits = sharing.default_set_outdated(request.person.person_id)
    wanted = own_address(request.GET.get("next", "")) or reverse("person:card")
    if not (again or shared or first_visits):
        return redirect(wanted)
    page = {
        "tab": "me",
        "asked": asked_of(request.person, only=again, at=now()),
        "elsewhere": _asked_elsewhere(choice for choice in again if not choice.channel),
        "shared": _shared_before(shared),
        "first_visits": first_visits,
        "serving": said(register().purpose(SERVING).description),
        "wanted": wanted,
    }
    return render(request, "person/asked_again.html", page)


@require_safe
@person_required
def history(request: PersonRequest) -> HttpResponse:
    """A page of what one was shown and said, the last first; `?before=` an event goes on behind it."""
    before = row_in(request)
    found = queries.history_of(request.person.person_id, before=before, limit=_ROWS + 1)
    events = found[:_ROWS]
    names, receipts = _names(event.choice for event in events), queries.with_receipt(events)
    lines = [_line(event, names, has_receipt=event.id in receipts) for event in events]
    page = {
        "tab": "me",
        "lines": lines,
        "next_before": events[-1].id if len(found) > _ROWS else None,
        "is_first": before is None,
    }
    return render(request, "person/choices.html", page)


@never_cache
@require_safe
@person_required
def receipt(request: PersonRequest, event_id: UUID) -> HttpResponse:
    """The signed receipt of one choice, as a file (R-CON-8)."""
    document = queries.receipt(request.person, event_id)
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="kliento-receipt-{event_id}.json"'
    return answer


def _asked_elsewhere(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """What has a page of its own to agree to, as (name, address)."""
    asked = list(choices)
    names = _names(asked)
    found = []
    for choice in asked:
        if choice.recipient_id is None:
            address = reverse("person:special", args=[choice.field])
        elif choice.field:
            address = reverse("person:special_grant", args=[choice.recipient_id, choice.field])
        else:
            address = reverse("person:special_visits", args=[choice.recipient_id])
        about = [said(register().purpose(choice.purpose).label), *_about(choice, names)]
        found.append((", ".join(about), address))
    return found


def _names(choices: Iterable[Choice]) -> dict[UUID, str]:
    """What those that these choices name are called."""
    named = {choice.recipient_id for choice in choices if choice.recipient_id}
    return {one: name.name for one, name in names_of(named).items()} if named else {}


def _about(choice: Choice, names: Mapping[UUID, str]) -> list[str]:
    """The detail and the company it is about."""
    field = [said(register().field(choice.field).label)] if choice.field else []
    return field + ([names[choice.recipient_id]] if choice.recipient_id else [])


def _shared_before(relations: Iterable[Relation]) -> list[tuple[str, str, str]]:
    """What was shared with each company under other words, as (name, details, address)."""
    found = list(relations)
    names = names_of({relation.third_party_id for relation in found})
    return [
        (
            names[relation.third_party_id].name,
            outdated_labels(relation),
            reverse("person:company", args=[relation.third_party_id]),
        )
        for relation in found
    ]


def _purposes() -> list[Purpose]:
    return [
        purpose
        for purpose in register().purposes.values()
        if purpose.basis == "consent" and purpose.status == "in_use" and purpose.channels
    ]


def _asked(code: str, choices: Iterable[Choice], stood: Mapping[Choice, Standing]) -> Asked:
    purpose = register().purposes[code]
    words = asked_for(register(), purpose, language())
    return Asked(
        code=code,
        label=words.label,
        description=words.description,
        retention=words.retention,
        fields=", ".join(words.fields),
        recipients=", ".join(words.recipients),
        switches=[_switch(each, stood) for each in choices],
    )


def _switch(chosen: Choice, stood: Mapping[Choice, Standing]) -> Switch:
    stands = stood.get(chosen)
    return Switch(
        purpose=chosen.purpose,
        channel=chosen.channel,
        name=channels_in_words()[chosen.channel],
        wording=words_of(chosen),
        kind=stands.kind if stands else "",
        in_force=stands.in_force if stands else False,
        at=stands.at if stands else None,
    )


def _choice(code: str, channel: str) -> Choice:
    purpose = next((each for each in _purposes() if each.code == code), None)
    if purpose is None or channel not in purpose.channels or channel not in CHANNELS_RUN:
        raise NotFound(code="unknown_choice")
    return Choice(code, channel)


def _name(chosen: Choice) -> str:
    return f"{said(register().purposes[chosen.purpose].label)}, {channels_in_words()[chosen.channel]}"


def _line(event: Noted, names: Mapping[UUID, str], *, has_receipt: bool) -> Line:
    declared, chosen = register(), event.choice
    known = declared.purposes.get(chosen.purpose) or declared.objections.get(chosen.purpose)
    about = [
        channels_in_words().get(chosen.channel, ""),
        names.get(chosen.recipient_id, "") if chosen.recipient_id else "",
    ]
    if chosen.field in declared.fields:
        about.append(said(declared.fields[chosen.field].label))
    return Line(
        event=event,
        title=said(known.label) if known else chosen.purpose,
        about=", ".join(filter(None, about)),
        kind=_kinds()[event.kind],
        has_receipt=has_receipt,
    )


def _kinds() -> dict[str, str]:
    return {
        "shown": _("You were shown this"),
        "given": _("You agreed"),
        "refused": _("You did not agree"),
        "withdrawn": _("You took it back"),
        "expired": _("Ran out, as you had chosen"),
        "outdated": _("Without force: the words changed"),
        "objected": _("You objected"),
        "objection_ended": _("You ended your objection"),
    }
