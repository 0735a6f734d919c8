"""Finding a card by its number on a till without a keyboard: big keys, each of which works as a plain form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kliento.interfaces.counter.forms import KeypadForm
from kliento.interfaces.counter.paired import TillRequest, terminal_required
from kliento.kernel.crockford import ALPHABET
from kliento.web.forms import require_only

DIGITS, LETTERS = ALPHABET[:10], ALPHABET[10:]


@require_http_methods(["GET", "POST"])
@terminal_required
def keypad(request: TillRequest) -> HttpResponse:
    """The keys, and what was typed with them so far. The number goes to the till as if a scanner had read it."""
    require_only(request, *KeypadForm.base_fields)
    form = KeypadForm.after(request.POST) if request.method == "POST" else KeypadForm.blank()
    return render(request, "counter/keypad.html", {"form": form, "digits": DIGITS, "letters": LETTERS})
