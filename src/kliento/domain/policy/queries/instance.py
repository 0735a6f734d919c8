"""What this database holds, as a whole."""

from kliento.domain.policy.models import DemoData


def has_demo_data() -> bool:
    """Whether `kliento demo` has filled it."""
    return DemoData.objects.exists()
