"""What every page says at its foot: who keeps the register and where to write (R-CTL-1). Read from the declaration."""

from django.http import HttpRequest

from kliento.domain.policy.queries import register


def register_holder(request: HttpRequest) -> dict[str, object]:
    """`holder` and `contact` for every template; no table is read, so error pages have them too."""
    declared = register()
    return {"holder": declared.holder, "contact": declared.contacts["register"]}
