"""Deletion notices: what the company has still to delete, and saying that it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions import confirm_deletion, take_back_confirmation
from kliento.domain.sharing.queries import Notice, notices_at_hand, place_of_notice
from kliento.domain.sharing.rules import MAY_TAKE_BACK_FOR
from kliento.interfaces.partner.addresses import last_in, take_only
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
    """The open ones and those just confirmed, newest first, those of one member and moment together."""
    take_only(request, "before")
    since = now() - MAY_TAKE_BACK_FOR
    company_id = request.operator.third_party_id
    last = last_in(request)
    before = place_of_notice(company_id, last) if last else None
    found = notices_at_hand(company_id, confirmed_since=since, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    page = {
        "tab": "notices",
        "members": _by_member(shown),
        "next_before": shown[-1].id.hex if len(found) > PAGE else None,
        "before": request.GET.get("before", ""),
    }
    return render(request, "partner/notices.html", page)


@require_POST
@operator_required(Right.ANSWER_NOTICES)
def confirm(request: OperatorRequest) -> HttpResponse:
    """The copies these notices name are deleted; each of their members sees that the company says so."""
    return _answered(request, confirm_deletion)


@require_POST
@operator_required(Right.ANSWER_NOTICES)
def take_back(request: OperatorRequest) -> HttpResponse:
    """They are not, after all."""
    return _answered(request, take_back_confirmation)


def _answered(request: OperatorRequest, act: Callable[..., None]) -> HttpResponse:
    """Back to the same page, where each row stands as it is now: what one answers twice by a slip stays in place."""
    require_only(request, "notice", "before")
    named = _named(request)
    for notice_id in named:
        act(notice_id, by=request.operator, at=now())
    before = request.POST.get("before", "")
    place = f"?{urlencode({'before': before})}" if before else ""
    return redirect(f"{reverse('partner:notices')}{place}#notice-{named[0]}")


def _named(request: OperatorRequest) -> list[UUID]:
    texts = request.POST.getlist("notice")
    if not 0 < len(texts) <= PAGE:
        raise Invalid(_("Choose what you have deleted."), pointer="notice")
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Invalid(_("Choose what you have deleted."), pointer="notice") from error


@dataclass(frozen=True, slots=True)
class _Member:
    """Whose copies are to be deleted: each with its name and reason, and which of them nobody has confirmed."""

    number: str
    found: list[tuple[Notice, str, object]]

    @property
    def open_ids(self) -> list[UUID]:
        return [notice.id for notice, _label, _reason in self.found if notice.confirmed_at is None]


def _by_member(found: Iterable[Notice]) -> list[_Member]:
    return [
        _Member(number, [(notice, label_of(notice.field), REASONS[notice.reason]) for notice in group])
        for number, group in groupby(found, key=lambda notice: notice.member_number)
    ]
