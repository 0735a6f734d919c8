"""What the register holder uses one's data for, and an objection to each use that allows one (GDPR Art. 21)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.consents.actions import end_objection, object_to
from kliento.domain.consents.queries import objections_of
from kliento.domain.people.queries import person_of
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Purpose
from kliento.interfaces.person.reading import basis_in_words
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import said


@dataclass(frozen=True, slots=True)
class Use:
    """One purpose, as the declaration says it, and whether the person objects to it."""

    code: str
    label: str
    description: str
    basis: str
    reason: str
    retention: str
    objectionable: bool
    objected: bool


@require_safe
@person_required
def purposes(request: PersonRequest) -> HttpResponse:
    """Every use there is now, those one can object to first."""
    objections = objections_of([request.person.person_id])[request.person.person_id]
    uses = [_use(each, objected=each.code in objections) for each in register().purposes.values() if _is_in_use(each)]
    page = {
        "tab": "me",
        "objectionable": [use for use in uses if use.objectionable],
        "others": [use for use in uses if not use.objectionable],
        "restricted": person_of(request.person.account_id).state == "restricted",
    }
    return render(request, "person/purposes.html", page)


@require_POST
@person_required
def objection(request: PersonRequest, code: str) -> HttpResponse:
    """Object, with effect from the next request on (R-PUR-3)."""
    require_only(request)
    purpose = _objectionable(code)
    object_to(request.person.person_id, code, by=request.person, at=now())
    messages.success(request, _("You object: %(use)s. It has stopped for you.") % {"use": said(purpose.label)})
    return redirect("person:purposes")


@require_POST
@person_required
def objection_ending(request: PersonRequest, code: str) -> HttpResponse:
    """Take the objection back, by as many steps."""
    require_only(request)
    purpose = _objectionable(code)
    end_objection(request.person.person_id, code, by=request.person, at=now())
    messages.success(request, _("You no longer object: %(use)s.") % {"use": said(purpose.label)})
    return redirect("person:purposes")


def _use(purpose: Purpose, *, objected: bool) -> Use:
    return Use(
        code=purpose.code,
        label=said(purpose.label),
        description=said(purpose.description),
        basis=basis_in_words(purpose.basis, sorted(purpose.fields) if _is_special(purpose) else ()),
        reason=said(purpose.reason),
        retention=said(register().retention[purpose.retention].label),
        objectionable=purpose.objectionable,
        objected=objected,
    )


def _objectionable(code: str) -> Purpose:
    purpose = register().purposes.get(code)
    if purpose is None or not _is_in_use(purpose) or not purpose.objectionable:
        raise NotFound(code="unknown_purpose")
    return purpose


def _is_special(purpose: Purpose) -> bool:
    """Whether it is about special categories alone; where they are some of many, each has its consent page."""
    return all(code in register().fields and register().fields[code].special for code in purpose.fields)


def _is_in_use(purpose: Purpose) -> bool:
    return purpose.status == "in_use"
