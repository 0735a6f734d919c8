"""Members: the list with granted fields, one member, and the files."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.cards.queries import cards_among
from kliento.domain.programmes.queries import ledger_of, membership_at
from kliento.domain.questions.queries import askings_of
from kliento.domain.recipients.queries import premises_of
from kliento.domain.recipients.rules import Right, may
from kliento.domain.sharing.queries import continuations_of, members_of, place_of_member, relationship_by_number
from kliento.domain.visits.queries import visits_of_member
from kliento.interfaces.partner.addresses import last_in, send_only, take_only
from kliento.interfaces.partner.files import table_file
from kliento.interfaces.partner.members import (
    export_rows,
    fields_in,
    heading_of,
    listable,
    members_in,
    shared_by,
)
from kliento.interfaces.partner.outcomes import BY_THE_DAY, MOVEMENTS, OUTCOMES
from kliento.interfaces.partner.showing import lines_of
from kliento.kernel.clock import now
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.reading import label_of, plain_number

PAGE = 50
VISITS_SHOWN = 20


@require_safe
@operator_required(Right.SEE_MEMBERS)
def members(request: OperatorRequest) -> HttpResponse:
    """Everybody who has been here or shares something, newest first, with the chosen fields of what they share."""
    take_only(request, "fields", "number", "before")
    at, by, fields = now(), request.operator, fields_in(request.GET)
    number = plain_number(request.GET.get("number", ""))
    last = last_in(request)
    before = place_of_member(by.third_party_id, last) if last else None
    found = members_of(by.third_party_id, number=number, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    page = {
        "tab": "members",
        "members": members_in(shown, fields, by=by, at=at),
        "labels": [label_of(code) for code in fields],
        "choices": [(code, label_of(code), code in fields) for code in listable()],
        "number": number,
        "fields": fields,
        "query": urlencode({"number": number, "fields": fields} if number else {"fields": fields}, doseq=True),
        "next_before": shown[-1].relationship_id.hex if len(found) > PAGE else None,
        "is_first": "before" not in request.GET,
    }
    return render(request, "partner/members.html", page)


@require_POST
@operator_required(Right.SEE_MEMBERS)
def members_file(request: OperatorRequest, kind: str) -> HttpResponse:
    """All members with the chosen fields as a file; an act in the audit, and an entry in each member's Activity."""
    take_only(request)
    send_only(request, "fields", "number")
    at, by, fields = now(), request.operator, fields_in(request.POST)
    number = plain_number(request.POST.get("number", ""))
    return table_file(
        _("members") + f"-{localdate(at).isoformat()}",
        kind,
        heading=heading_of(fields),
        read=lambda: export_rows(fields, number=number, kind=kind, by=by, at=at),
        by=by,
        at=at,
    )


@require_safe
@operator_required(Right.SEE_MEMBERS)
def member(request: OperatorRequest, number: str) -> HttpResponse:
    """One member: what they share and until when, what the loyalty card takes, stamps, visits, and what was asked."""
    take_only(request)
    at, by, number = now(), request.operator, plain_number(number)
    relation = relationship_by_number(by.third_party_id, number)
    places = {place.id: place.name for place in premises_of(by.third_party_id)}
    rows = visits_of_member(relation.relationship_id, number, by=by, limit=VISITS_SHOWN)
    shared = shared_by(relation, by=by, at=at)
    asked = askings_of(by.third_party_id, relation.relationship_id)
    card = membership_at(relation.subject_id, by.third_party_id, at=at)
    moved = ledger_of(card.membership_id, subject_id=card.subject_id, limit=VISITS_SHOWN) if card else []
    page = {
        "tab": "members",
        "relation": relation,
        "is_card": bool(cards_among([relation.subject_id])),
        "continuations": continuations_of(relation),
        "shared": shared["serving"],
        "for_programme": shared["programme"],
        "stamps": card.view if card else None,
        "ledger": [(movement, MOVEMENTS[movement.kind], movement.kind in BY_THE_DAY) for movement in moved],
        "lines": lines_of(rows, places),
        "askings": [(asking, *OUTCOMES[asking.outcome]) for asking in asked],
        "may_ask": may(by.role, Right.ASK_MEMBERS),
    }
    return render(request, "partner/member.html", page)
