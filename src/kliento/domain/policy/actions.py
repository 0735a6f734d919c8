"""What is written about the database itself, and publishing a notice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kliento.domain.policy.models import DemoData, Notice
from kliento.domain.policy.queries.notice import notice
from kliento.domain.policy.queries.published import PublishedNotice, last_published, published
from kliento.domain.policy.rules import Register, material_changes, outdates_consent, read
from kliento.kernel.errors import Conflict

LANGUAGES = ("fi", "sv", "en")


def mark_demo_data(*, at: datetime) -> None:
    """Note that invented people are about to be written here. Part of the caller's transaction."""
    DemoData.objects.create(seeded_at=at)


def publish(document: bytes, *, name: str, at: datetime) -> PublishedNotice:
    """Put this declaration into force, in all languages, beside every one before it; the notice that now stands.

    What stands already is left as it is. Consents given under words that changed materially have no force for any
    process that runs by this notice (R-CON-6); one that runs by an earlier one goes on by that until it is started
    again, and takes no new consent. Raises PolicyMistakes; Conflict for one that was in force before another, as it has
    to be dated anew, and in production for one that nobody has reviewed.
    """
    register = read(document, name=name)
    with transaction.atomic():
        Notice.objects.select_for_update().order_by("-number").first()
        last = last_published()
        if last is not None and last.version == register.version:
            return last
        if Notice.objects.filter(version=register.version).exists():
            raise Conflict(
                f"Version {register.version} was in force before. Give the declaration a new date: `dated`.",
                code="published_before",
            )
        if settings.PRODUCTION and not register.reviewed:
            raise Conflict(
                f"Nobody has reviewed version {register.version}: `kliento policy check` says what to add.",
                code="not_reviewed",
            )
        number = last.number + 1 if last else 1
        changes = material_changes(last.register if last else None, register)
        Notice.objects.create(
            number=number,
            version=register.version,
            document=document.decode(),
            dated=register.dated,
            published_at=at,
            reviewers=[
                {"by": review.by, "role": review.role, "on": review.on.isoformat()}
                for review in register.reviews
                if review.of == register.version
            ],
            texts={language: asdict(notice(register, language)) for language in LANGUAGES},
            changes={code: list(reasons) for code, reasons in changes.items()},
            since=_since(number, changes, register, last.since if last else {}, one_field=False),
            fields_since=_since(number, changes, register, last.fields_since if last else {}, one_field=True),
        )
        return published(register.version)


def publish_own(*, at: datetime) -> PublishedNotice:
    """Publish the declaration this instance runs by, unless it stands already. Raises as `publish` does."""
    document = Path(settings.KLIENTO_POLICY)
    return publish(document.read_bytes(), name=document.name, at=at)


def _since(
    number: int,
    changes: Mapping[str, Sequence[str]],
    register: Register,
    before: Mapping[str, int],
    *,
    one_field: bool,
) -> dict[str, int]:
    """The notice from which on a consent to each purpose stands: this one where it changed, else the one it was."""
    return {
        code: number if outdates_consent(changes.get(code, ()), one_field=one_field) else before.get(code, number)
        for code in register.purposes
    }
