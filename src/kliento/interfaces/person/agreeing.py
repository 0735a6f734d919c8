"""The words of a choice on their way to a form and back: what somebody agrees to is what they read (R-CON-6)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kliento.domain.consents.actions import note_shown
from kliento.domain.consents.queries import shown_now
from kliento.domain.consents.rules import Choice, Shown
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from kliento.web.reading import language


def words_of(choice: Choice) -> str:
    """What the form carries: the language of the page and the hash of what it says about this choice."""
    return ".".join(shown_now(choice, language()))


def words_shown(choice: Choice, *, to: PersonActor) -> str:
    """The same for a page that asks for this choice alone; notes that they were shown it (R-CON-7)."""
    note_shown(to.person_id, [choice], language=language(), by=to, at=now())
    return words_of(choice)


def words_read(request: HttpRequest) -> Shown:
    """What it brought back; without it, or with anything else, nothing that could have been read."""
    spoken, _, wording = request.POST.get("wording", "").partition(".")
    return Shown(spoken[:2], wording[:64])


View = Callable[..., HttpResponse]


def asks_again(*, at: str = "") -> Callable[[View], View]:
    """Where the words have changed since the form was made, nothing is given and the person reads the new ones.

    `at` names the page that asks; without it that is the address of the form itself.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def asking(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            try:
                return view(request, *arguments, **named)
            except Conflict as changed:
                if changed.code != "wording_changed":
                    raise
                messages.error(request, str(changed.message))
                return redirect(at or request.get_full_path())

        return asking

    return decorated
