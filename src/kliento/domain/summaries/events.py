"""The message a summary is, for whoever wants it in the service."""

from typing import ClassVar

from kliento.domain.inbox.rules import MessageKind


class MonthlySummary(MessageKind):
    """How much was entered about somebody in a month."""

    code: ClassVar[str] = "monthly_summary"
    template: ClassVar[str] = "dispatch/monthly_summary"
