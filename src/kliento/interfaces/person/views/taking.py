"""Taking Activity along: what is shown, or all of it, as a file."""

from collections.abc import Generator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kliento.domain.rights import actions as rights
from kliento.interfaces.person.finding import found_in
from kliento.interfaces.person.forms.finding import IN_ADDRESS
from kliento.interfaces.person.taking import cells, document, head, heading, taken
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.downloads import download
from kliento.web.files import document_of, table_of
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required, sign_in_again, signed_in_lately


@require_POST
@person_required
def activity_file(request: PersonRequest) -> HttpResponse:
    """What the page with these filters shows, all of its pages, as CSV or JSON; `kind` says which.

    As the download of everything there is no link to it, and whoever did not sign in a short while ago does so first
    (threat 15); the filters stay. What cannot be looked for is said on the page, and no file is made.
    """
    require_only(request, "kind", *IN_ADDRESS.values())
    at, kind, finding = now(), request.POST.get("kind"), found_in(request.POST, request.person)
    if kind not in {"csv", "json"}:
        raise Invalid(code="unknown_file", pointer="kind")
    if finding.form.errors:
        return render(request, "person/activity.html", {"tab": "activity", "finding": finding}, status=400)
    if not signed_in_lately(request, at=at):
        messages.info(request, _("Sign in once more, then download."))
        return sign_in_again(request, back=f"{reverse('person:activity')}?{finding.query}".rstrip("?"))

    def make() -> Generator[bytes]:
        entries = taken(rights.download_activity(request.person, sought=finding.sought, at=at), request.person)
        if kind == "csv":
            return table_of("csv", heading(), map(cells, entries))
        return document_of(head(at=at, parts=finding.parts), "entries", map(document, entries))

    return download(f"kliento-activity-{at:%Y-%m-%d}", kind, make=make, by=request.person, at=at)
