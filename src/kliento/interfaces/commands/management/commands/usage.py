"""`kliento usage`."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kliento.domain.improvement.queries import views_since
from kliento.kernel.clock import now


class Command(BaseCommand):
    """The command."""

    help = """Show how often each page was opened.

    Counts of people's and public pages by day, kept for 400 days. Nobody is in them: no address, no session, no
    browser. Whoever objects or whose browser sends Sec-GPC or DNT is not counted. The last minute may be missing."""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Its options."""
        parser.add_argument("--days", type=_days, default=30, help="how many days to look back, today included (30)")

    def handle(self, *, days: int, **options: Any) -> None:
        """One line a page, the most opened first."""
        since = timezone.localdate(now()) - timedelta(days=days - 1)
        views = views_since(since)
        if not views:
            self.stdout.write(f"No page was counted since {since}.")
        for page in views:
            self.stdout.write(f"{page.count:>9}  {page.page}")


def _days(text: str) -> int:
    """A whole number of days, at least one. What is no number raises ValueError, which argparse reports."""
    days = int(text)
    if not 1 <= days <= 400:
        raise ValueError
    return days
