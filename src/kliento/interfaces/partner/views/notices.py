"""Deletion notices: what the company has still to delete, and saying that it is done."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions import confirm_deletion
from kliento.domain.sharing.queries import Notice, open_notices
from kliento.interfaces.partner.addresses import key_in, key_of, take_only
from kliento.interfaces.partner.outcomes import REASONS
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.forms import require_only
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.reading import label_of

PAGE = 50


@require_safe
@operator_required(Right.ANSWER_NOTICES)
def notices(request: OperatorRequest) -> HttpResponse:
    """The open ones, newest first, those of one member and moment together."""
    take_only(request, "before")
    found = open_notices(request.operator.third_party_id, before=key_in(request), limit=PAGE + 1)
    shown = found[:PAGE]
    page = {
        "tab": "notices",
        "members": _by_member(shown),
        "next_before": key_of(shown[-1].made_at, shown[-1].id) if len(found) > PAGE else None,
        "is_first": "before" not in request.GET,
    }
    return render(request, "partner/notices.html", page)


@require_POST
@operator_required(Right.ANSWER_NOTICES)
def confirm(request: OperatorRequest) -> HttpResponse:
    """The copies these notices name are deleted; each of their members sees that the company says so."""
    require_only(request, "notice")
    named = _named(request)
    for notice_id in named:
        confirm_deletion(notice_id, by=request.operator, at=now())
    messages.success(request, _("Noted. The member sees that you have deleted it."))
    return redirect("partner:notices")


def _named(request: OperatorRequest) -> list[UUID]:
    texts = request.POST.getlist("notice")
    if not 0 < len(texts) <= PAGE:
        raise Invalid(_("Choose what you have deleted."), pointer="notice")
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Invalid(_("Choose what you have deleted."), pointer="notice") from error


def _by_member(found: Iterable[Notice]) -> list[tuple[str, list[tuple[Notice, str, object]]]]:
    return [
        (number, [(notice, label_of(notice.field), REASONS[notice.reason]) for notice in group])
        for number, group in groupby(found, key=lambda notice: notice.member_number)
    ]
