"""The messages that alert. What happened stands in Activity already; these say that there is something to look at."""

from typing import ClassVar

from kliento.domain.inbox.rules import MessageKind


class NewlyKnown(MessageKind):
    """A third party that did not know the person does now."""

    code: ClassVar[str] = "newly_known"
    template: ClassVar[str] = "alerts/newly_known"


class LookRefused(MessageKind):
    """A third party asked for what is not shared with it."""

    code: ClassVar[str] = "look_refused"
    template: ClassVar[str] = "alerts/look_refused"


class CardRefused(MessageKind):
    """A card or code of the person's was not accepted, and somebody else may have shown it."""

    code: ClassVar[str] = "card_refused"
    template: ClassVar[str] = "alerts/card_refused"
