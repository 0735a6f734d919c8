"""One entry of Activity in full, and stopping the sharing it shows."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.activity.queries.proving import entry_proof, is_sealed
from kliento.domain.cards.queries import subjects_of
from kliento.domain.sharing.actions import end_grant
from kliento.domain.sharing.queries import companies_of
from kliento.domain.sharing.rules import PROGRAMME, SERVING
from kliento.domain.visits.queries import can_be_disputed, disputed_at
from kliento.interfaces.person.companies import grants_of, relation_with
from kliento.interfaces.person.feed import Event, event_of
from kliento.interfaces.person.telling import VISIT
from kliento.interfaces.person.wallet import cards_of
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import label_of


@require_safe
@person_required
def entry(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """One entry: who, where, what, why, on what basis, until when, and what of it is still shared."""
    event = event_of(request.person, entry_id)
    is_visit = event.kind == VISIT
    page = {
        "tab": "activity",
        "event": event,
        "is_visit": is_visit,
        "is_sealed": is_sealed(entry_id),
        "disputed_at": disputed_at(request.person.person_id, entry_id) if is_visit else None,
        "still_shared": ", ".join(map(label_of, _still_shared(request, event))),
        "loyalty_card": _loyalty_card(request, event),
        "may_dispute": is_visit and can_be_disputed(request.person.person_id, entry_id, at=now()),
    }
    return render(request, "person/entry.html", page)


@require_safe
@person_required
def proof(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """What proves the entry to anybody who has the log's key, as a small file (R-ACT-5)."""
    found = entry_proof(subjects_of(request.person.person_id), entry_id)
    if found is None:
        messages.info(request, _("This entry is not sealed yet. Try again in a minute."))
        return redirect("person:entry", entry_id=entry_id)
    return HttpResponse(
        json.dumps(found, ensure_ascii=False, separators=(",", ":")),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="kliento-proof-{entry_id}.json"'},
    )


@require_POST
@person_required
def stop_from_entry(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """Stop sharing what this entry names with the company it names."""
    require_only(request)
    event = event_of(request.person, entry_id)
    if event.line.recipient_id is None:
        raise NotFound(code="nothing_shared")
    stopped = _still_shared(request, event)
    for code in stopped:
        end_grant(request.person.person_id, event.line.recipient_id, code, by=request.person, at=now())
    if stopped:
        messages.success(request, _("No longer shared: %(details)s.") % {"details": ", ".join(map(label_of, stopped))})
    return redirect("person:entry", entry_id=entry_id)


def _still_shared(request: PersonRequest, event: Event) -> list[str]:
    """The fields of the entry that its company may see to this day by the person's own switch."""
    if event.line.recipient_id is None or not event.codes:
        return []
    relation = relation_with(companies_of(request.person.person_id), event.line.recipient_id)
    standing = grants_of(relation, SERVING, at=now())
    return [code for code in event.codes if code in standing]


def _loyalty_card(request: PersonRequest, event: Event) -> UUID | None:
    """The programme by whose card they saw it, while that card is in use."""
    if event.purpose_code != PROGRAMME:
        return None
    held = [card for card in cards_of(request.person) if card.in_use]
    ids = [card.programme.id for card in held if card.programme.third_party_id == event.line.recipient_id]
    return next(iter(ids), None)
