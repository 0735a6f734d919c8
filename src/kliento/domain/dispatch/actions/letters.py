"""Posting and delivering letters. The address is opened at the moment of sending, by the gate, and kept nowhere."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import UUID

import css_inline
import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from kliento.domain.dispatch.models import Letter
from kliento.domain.dispatch.rules import LETTERS, LETTERS_KEPT, is_one_address, subject_line
from kliento.domain.gate.actions import Refused, open_for_delivery, open_sealed
from kliento.domain.inbox.actions import post_message
from kliento.domain.inbox.queries import known_kinds
from kliento.domain.outbox.actions import enqueue
from kliento.domain.people.queries import owners_of, person_behind
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import envelope_form
from kliento.domain.vault.actions import NewValue, destroy, seal_text, seal_values
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id

log = structlog.get_logger("kliento.dispatch")
_PLACE = "dispatch_letter.sealed"
SERVICE = "service"
"""The purpose of letters about one's own account."""


def post_letter(
    kind: str,
    *,
    owner_id: UUID,
    language: str,
    context: Mapping[str, str],
    link: Mapping[str, str] | None = None,
    purpose: str = SERVICE,
    at: datetime,
    good_until: datetime | None = None,
) -> None:
    """Send it to the sign-in address of `owner_id` (an account or an unfinished sign-up) once the caller has committed.

    `context` is sealed under the owner's key. A kind that is one of messages too (`events.py`) stands in the person's
    messages in the same words, without `link`, which is for the mailbox alone, whether or not the letter arrives,
    unless the letter serves a `purpose` of its own: that
    asks for each channel by itself, and the gate is asked for it when the letter leaves (R-CON-3). After `good_until`
    the letter is not sent any more: a code that has run out only confuses. Raises Invalid for an unknown kind.
    """
    with transaction.atomic():
        _post(
            kind,
            owner_id,
            language,
            {**context, **(link or {})},
            purpose=purpose,
            at=at,
            good_until=good_until,
            is_last=False,
        )
        person_id = person_behind(owner_id) if purpose == SERVICE and kind in known_kinds() else None
        if person_id is not None:
            post_message(kind, person_id=person_id, context=context, at=at)


def post_last_letter(
    kind: str,
    *,
    address: str,
    language: str,
    context: Mapping[str, str],
    at: datetime,
    good_until: datetime | None = None,
) -> None:
    """Send a letter to an address that is nobody's any more, or not yet: it is sealed under a key made for it.

    That key is destroyed when the letter has left.
    """
    owner_id = new_id()
    with transaction.atomic():
        seal_values([NewValue(owner_id, "login_email", address, "person")], at=at)
        _post(kind, owner_id, language, context, purpose=SERVICE, at=at, good_until=good_until, is_last=True)


def deliver_letter(letter_id: UUID, *, at: datetime) -> None:
    """Send it, then forget it. A crash in between sends it twice, under the same Message-ID.

    A letter that must not or cannot arrive is forgotten unsent: its owner is gone, restricted or refuses; the server
    refuses the address for good; it has run out. Raises what may pass: the outbox tries again later.
    """
    letter = Letter.objects.filter(id=letter_id).first()
    if letter is None:
        return
    if letter.good_until is not None and letter.good_until <= at:
        log.info("letter ran out", letter=str(letter.id), kind=letter.kind)
    else:
        _send_if_possible(letter)
    _forget(letter, at=at)


def purge_letters(*, at: datetime) -> int:
    """Forget letters that could not be sent for a week."""
    old = list(Letter.objects.filter(made_at__lt=at - LETTERS_KEPT))
    for letter in old:
        _forget(letter, at=at)
    return len(old)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Nothing more is sent to this person, except a last letter, which is not theirs by any id."""
    Letter.objects.filter(owner_id__in=owners_of(person_id)).delete()


def _post(
    kind: str,
    owner_id: UUID,
    language: str,
    context: Mapping[str, str],
    *,
    purpose: str,
    at: datetime,
    good_until: datetime | None,
    is_last: bool,
) -> None:
    if kind not in LETTERS:
        raise Invalid(code="unknown_letter")
    letter_id = new_id()
    with transaction.atomic():
        sealed = seal_text(owner_id, place=_PLACE, row=letter_id, text=json.dumps(dict(context)))
        Letter.objects.create(
            id=letter_id,
            kind=kind,
            owner_id=owner_id,
            language=language,
            sealed=sealed,
            made_at=at,
            good_until=good_until,
            is_last=is_last,
            purpose=purpose,
        )
        enqueue("letter", ref=str(letter_id), at=at)


def _send_if_possible(letter: Letter) -> None:
    try:
        address = open_for_delivery(letter.owner_id, purpose=letter.purpose, channel="email")
        text = open_sealed(
            letter.owner_id, place=_PLACE, row=letter.id, sealed=bytes(letter.sealed), purpose=letter.purpose
        )
    except (Refused, NotFound) as refusal:
        log.info("letter not sent", letter=str(letter.id), kind=letter.kind, reason=refusal.code)
        return
    try:
        envelope = envelope_form(address)
    except Invalid:
        envelope = ""
    if not is_one_address(envelope):
        log.warning("letter not sent", letter=str(letter.id), kind=letter.kind, reason="not_an_address")
        return
    try:
        _message(letter, envelope, json.loads(text)).send()
    except SMTPRecipientsRefused as refusal:
        if any(code < 500 for code, _ in refusal.recipients.values()):
            raise
        log.info("letter not sent", letter=str(letter.id), kind=letter.kind, reason="refused_by_server")


def _message(letter: Letter, address: str, context: dict[str, str]) -> EmailMultiAlternatives:
    declared = register()
    contact = declared.contacts["register"]
    given = {
        "holder": declared.holder,
        "contact": contact,
        "url": settings.KLIENTO_URL,
        "in_service": False,  # said, for Django logs the whole context where a variable is missing
        **context,
    }
    with override(letter.language):
        subject = subject_line(render_to_string(f"dispatch/{letter.kind}.subject.txt", given))
        text = render_to_string(f"dispatch/{letter.kind}.txt", given)
        html = render_to_string(f"dispatch/{letter.kind}.html", {**given, "subject": subject})
    message = EmailMultiAlternatives(
        subject,
        text,
        from_email=formataddr((subject_line(declared.holder.name), contact.email)),
        to=[address],
        headers={
            "Message-ID": f"<{letter.id}@{urlsplit(settings.KLIENTO_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(css_inline.inline(html), "text/html")
    return message


def _forget(letter: Letter, *, at: datetime) -> None:
    """The key first: when this is interrupted, the letter that is left is taken up again and cannot be opened."""
    if letter.is_last:
        destroy([letter.owner_id], at=at)
    letter.delete()
