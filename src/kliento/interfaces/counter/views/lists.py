"""The block list for the till's own scripts."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kliento.domain.cards.actions import hand_out_block_list
from kliento.interfaces.counter.paired import TillRequest, paired_required
from kliento.kernel.clock import now
from kliento.web.versions import known_version, versioned_answer


@require_safe
@paired_required
def block_list(request: TillRequest) -> HttpResponse:
    """What to refuse without a network. A locked till gets it, too: it may be without one when it is opened."""
    version, handed = hand_out_block_list(known_version(request), by=request.terminal, at=now())
    return versioned_answer(version, handed.document() if handed else None)
