"""The frame of the portal: which pages a role sees, for which company, and who is signed in."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients.queries import workplaces_of
from kliento.domain.recipients.rules import Right, may
from kliento.interfaces.partner.wording import ROLES
from kliento.kernel.actor import AccountActor, OperatorActor


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the rail. `tab` is what the page calls itself in its context."""

    tab: str
    label: object
    icon: str
    right: Right

    @property
    def address(self) -> str:
        """Where it stands."""
        return reverse(f"partner:{self.tab}")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of the portal. `language`: what the company writes in."""

    company: str
    role: object
    items: list[Item]
    workplaces: int
    uses_tills: bool = False
    language: str = ""


ITEMS = (
    Item("today", _("Today"), "calendar-days", Right.SEE_COUNTS),
    Item("visits", _("Visits"), "chart-no-axes-column", Right.SEE_COUNTS),
    Item("members", _("Members"), "id-card", Right.SEE_MEMBERS),
    Item("questions", _("Questions"), "message-circle-question-mark", Right.ASK_MEMBERS),
    Item("notices", _("To delete"), "trash-2", Right.ANSWER_NOTICES),
    Item("programme", _("Programme"), "gift", Right.RUN_PROGRAMME),
    Item("premises", _("Premises"), "store", Right.MANAGE_PLACES),
    Item("terminals", _("Terminals"), "scan-line", Right.MANAGE_PLACES),
    Item("team", _("Team"), "users-round", Right.MANAGE_TEAM),
    Item("audit", _("Audit"), "history", Right.SEE_AUDIT),
)


def portal(request: HttpRequest) -> dict[str, object]:
    """`portal` for the templates of the portal; read when a page asks for it."""
    return {"portal": SimpleLazyObject(lambda: frame_of(request))}


def frame_of(request: HttpRequest) -> Frame:
    """The company and its pages for an operator; neither for somebody who has yet to choose one. One statement."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, OperatorActor | AccountActor):
        return Frame("", "", [], 0)
    workplaces = workplaces_of(actor.account_id)
    if isinstance(actor, AccountActor):
        return Frame("", "", [], len(workplaces))
    items = [item for item in ITEMS if may(actor.role, item.right)]
    here = next((place for place in workplaces if place.operator_id == actor.operator_id), None)
    name, language = (here.name, here.language) if here else ("", "")
    uses_tills = may(actor.role, Right.USE_TILL)
    return Frame(name, ROLES[actor.role], items, len(workplaces), uses_tills, language)
