"""Finding a card by its number on a till without a keyboard: big keys, each of which works as a plain form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kliento.interfaces.counter.forms import DIGITS, LETTERS, KeypadForm
from kliento.interfaces.counter.paired import TillRequest, terminal_required
from kliento.interfaces.counter.preferences import preferences_of
from kliento.web.forms import require_only


@require_http_methods(["GET", "POST"])
@terminal_required
def keypad(request: TillRequest) -> HttpResponse:
    """The keys, and what was typed with them so far. The number goes to the till as if a scanner had read it."""
    require_only(request, *KeypadForm.base_fields)
    form = KeypadForm.after(request.POST) if request.method == "POST" else KeypadForm.blank()
    page = {"form": form, "digits": DIGITS, "letters": LETTERS, "preferences": preferences_of(request.session)}
    return render(request, "counter/keypad.html", page)
