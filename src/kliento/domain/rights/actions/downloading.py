"""Everything about a person in one document, by an explicit allow-list (`rules.EXPORT`)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from kliento.domain.accounts import queries as accounts
from kliento.domain.activity import queries as activity
from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.alerts import queries as alerts
from kliento.domain.cards import queries as cards
from kliento.domain.claiming import queries as claiming
from kliento.domain.consents import queries as consents
from kliento.domain.dispatch import queries as dispatch
from kliento.domain.gate.actions import RIGHTS, OwnValue, export_values
from kliento.domain.inbox import queries as inbox
from kliento.domain.outbox import queries as outbox
from kliento.domain.people import queries as people
from kliento.domain.policy.queries import register
from kliento.domain.programmes import queries as programmes
from kliento.domain.questions import queries as questions
from kliento.domain.recipients import queries as recipients
from kliento.domain.rights.rules import SCHEMA, exported, may_download
from kliento.domain.sharing import queries as sharing
from kliento.domain.visits import queries as visits
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound

DESCRIBED = (
    accounts,
    sharing,
    questions,
    consents,
    cards,
    programmes,
    visits,
    recipients,
    activity,
    alerts,
    dispatch,
    outbox,
)
# Told in words, so opened; only once the download stands in Activity.
OPENED = (inbox,)


def download(by: PersonActor, *, at: datetime) -> dict[str, Any]:
    """All the person's data, free, also while restricted (R-PRO-1), as plain JSON types.

    The download is entered in Activity, durably, before any value is opened; its own entry is in it. Raises NotFound
    for an account that is closed or being closed.
    """
    with transaction.atomic(durable=True):
        person = people.lock_people([by.person_id]).get(by.person_id)
        if person is None or not may_download(person.state):
            raise NotFound(code="unknown_person")
        basis = register().purpose(RIGHTS).basis
        record([NewEntry(by.person_id, "data_downloaded", at, purpose=RIGHTS, basis=basis)])
        described: dict[str, Any] = {"person": people.describe_person(by.person_id)}
        for package in DESCRIBED:
            described |= package.describe_person(by.person_id)
        described["claimed_cards"] = [claiming.describe_subject(card_id) for card_id in cards.claimed_by(by.person_id)]
    for package in OPENED:
        described |= package.describe_person(by.person_id)
    if described["card"]:
        described["card"]["number"] = cards.card_number(by)
        opened = cards.opened_media(by)
        described["card"]["media"] = [medium | opened[medium["id"]] for medium in described["card"]["media"]]
    return exported(
        {
            "schema": SCHEMA,
            "made_at": at.isoformat(),
            "register": _register(),
            "recipients": _recipients_in(described),
            "values": [_value(field, versions) for field, versions in export_values(by).items()],
            **described,
        }
    )


def _value(field: str, versions: list[OwnValue]) -> dict[str, Any]:
    return {
        "field": field,
        "label": register().field(field).label.inn(_language()),
        "versions": [
            {
                "text": version.text,
                "source": version.source,
                "version": version.version,
                "since": version.since.isoformat(),
                "hidden": version.hidden,
            }
            for version in versions
        ],
    }


def _register() -> dict[str, Any]:
    """Who keeps the register, and for every purpose in use what it uses, why, and how long that is kept."""
    declared, language = register(), _language()
    return {
        "name": declared.holder.register_name.inn(language),
        "holder": declared.holder.name,
        "version": declared.version,
        "purposes": [
            {
                "code": purpose.code,
                "label": purpose.label.inn(language),
                "basis": purpose.basis,
                "fields": sorted(purpose.fields),
                "retention": declared.retention[purpose.retention].label.inn(language),
            }
            for purpose in declared.purposes.values()
            if purpose.status == "in_use"
        ],
        "sources": [
            {"code": source.code, "label": source.label.inn(language)}
            for source in declared.sources.values()
            if source.status == "in_use"
        ],
    }


def _recipients_in(described: Mapping[str, Any]) -> list[dict[str, str]]:
    """The name of everybody the document mentions by id."""
    names = recipients.names_of({UUID(identifier) for identifier in _ids_in(described)})
    return [{"id": str(identifier), "name": known.name} for identifier, known in names.items()]


def _ids_in(described: Mapping[str, Any]) -> Iterator[str]:
    yield from (row["third_party_id"] for row in (*described["relationships"], *described["questions"]))
    yield from (row["recipient_id"] for row in (*described["consents"], *described["entries"]) if row["recipient_id"])
    for card in described["claimed_cards"]:
        yield from (row["third_party_id"] for row in card["relationships"])


def _language() -> str:
    return get_language() or "en"
