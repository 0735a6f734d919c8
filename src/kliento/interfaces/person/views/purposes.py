"""My rules: what one's data is used for, objecting to it (GDPR Art. 21) and restricting all of it (Art. 18)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.consents.actions import end_objection, object_to
from kliento.domain.consents.queries import objections_of
from kliento.domain.people.actions import lift_restriction, restrict_use
from kliento.domain.people.queries import person_of
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Objection, Purpose
from kliento.interfaces.person.reading import basis_in_words
from kliento.interfaces.person.views.consents import asked_of, explicit_of
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import said


@dataclass(frozen=True, slots=True)
class Use:
    """One purpose in use, as the declaration says it."""

    code: str
    label: str
    description: str
    basis: str
    reason: str
    retention: str


@dataclass(frozen=True, slots=True)
class Switch:
    """One objection, whether it stands, and the purposes in use it stops: none while they are all planned."""

    code: str
    label: str
    description: str
    uses: list[Use]
    objected: bool
    on_consent: bool


@require_safe
@person_required
def purposes(request: PersonRequest) -> HttpResponse:
    """Every use there is now and every objection, also to what is only planned."""
    declared = register()
    standing = objections_of([request.person.person_id])[request.person.person_id]
    switches = [_switch(each, standing) for each in declared.objections.values()]
    is_minor = person_of(request.person.account_id).is_minor
    page = {
        "tab": "me",
        "asked": asked_of(request.person, at=now()),
        "explicit": explicit_of(request.person),
        "locked": [said(each.label) for each in declared.purposes.values() if each.is_locked(is_minor=is_minor)],
        "interests": [switch for switch in switches if not switch.on_consent],
        "marketing": [switch for switch in switches if switch.on_consent],
        "others": [
            _use(each)
            for each in declared.purposes.values()
            if each.status == "in_use" and not declared.is_objectionable(each.code) and not each.channels
        ],
    }
    return render(request, "person/purposes.html", page)


@require_POST
@person_required
def objection(request: PersonRequest, code: str) -> HttpResponse:
    """Object, with effect from the next request on (R-PUR-3, R-OBJ-1)."""
    require_only(request)
    declared = _declared(code)
    object_to(request.person.person_id, code, by=request.person, at=now())
    messages.success(request, _("You object: %(use)s. It has stopped for you.") % {"use": said(declared.label)})
    return redirect("person:purposes")


@require_POST
@person_required
def objection_ending(request: PersonRequest, code: str) -> HttpResponse:
    """Take the objection back, by as many steps."""
    require_only(request)
    declared = _declared(code)
    end_objection(request.person.person_id, code, by=request.person, at=now())
    messages.success(request, _("You no longer object: %(use)s.") % {"use": said(declared.label)})
    return redirect("person:purposes")


@require_POST
@person_required
def restriction(request: PersonRequest) -> HttpResponse:
    """Restrict the use of everything, with effect from the next request on (R-RST-1)."""
    require_only(request)
    restrict_use(request.person.person_id, by=request.person, at=now())
    messages.success(request, _("The use of your data is restricted. It is kept, and not used."))
    return redirect("person:purposes")


@require_POST
@person_required
def restriction_lifting(request: PersonRequest) -> HttpResponse:
    """Lift it; what starts again then stands beside the switch (GDPR Art. 18(3))."""
    require_only(request)
    lift_restriction(request.person.person_id, by=request.person, at=now())
    messages.success(request, _("The restriction is lifted. Your choices hold again as they stand."))
    return redirect("person:purposes")


def _switch(objection: Objection, standing: Collection[str]) -> Switch:
    stopped = [register().purposes[code] for code in objection.stops]
    return Switch(
        code=objection.code,
        label=said(objection.label),
        description=said(objection.description),
        uses=[_use(purpose) for purpose in stopped if purpose.status == "in_use"],
        objected=objection.code in standing,
        on_consent=all(purpose.basis == "consent" for purpose in stopped),
    )


def _use(purpose: Purpose) -> Use:
    is_explicit = register().is_explicit(purpose)  # where it is some fields of many, each has its consent page
    return Use(
        code=purpose.code,
        label=said(purpose.label),
        description=said(purpose.description),
        basis=basis_in_words(purpose.basis, sorted(purpose.fields) if is_explicit else (), purpose=purpose.code),
        reason=said(purpose.reason),
        retention=said(register().retention[purpose.retention].label),
    )


def _declared(code: str) -> Objection:
    objection = register().objections.get(code)
    if objection is None:
        raise NotFound(code="unknown_objection")
    return objection
