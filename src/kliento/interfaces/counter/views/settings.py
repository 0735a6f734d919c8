"""How this till behaves: all of it on one page, or one thing by its button."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kliento.interfaces.counter.paired import TillRequest, terminal_required, terminals_in
from kliento.interfaces.counter.preferences import PreferencesForm, keep_preferences, preferences_of
from kliento.web.forms import require_only


@require_http_methods(["GET", "POST"])
@terminal_required
def settings(request: TillRequest) -> HttpResponse:
    """Show what is set; change what was sent and leave the rest."""
    require_only(request, *PreferencesForm.base_fields)
    kept = preferences_of(request.session)
    form = PreferencesForm(kept | request.POST.dict() if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        keep_preferences(request.session, form.cleaned_data)
        return redirect("counter:till")
    page = {"form": form, "several_places": len(terminals_in(request)) > 1}
    page["counts_stays"] = request.terminal.counts == "stays"
    return render(request, "counter/settings.html", page, status=400 if form.errors else 200)
