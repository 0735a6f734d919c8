"""The one thing written about the database itself."""

from datetime import datetime

from kliento.domain.policy.models import DemoData


def mark_demo_data(*, at: datetime) -> None:
    """Note that invented people are about to be written here. Part of the caller's transaction."""
    DemoData.objects.create(seeded_at=at)
