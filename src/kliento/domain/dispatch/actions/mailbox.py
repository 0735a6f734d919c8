"""Where mail goes in development: into the database, sealed, and from there to /demo/mail."""

import json
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from kliento.domain.dispatch.models import DemoMail
from kliento.domain.dispatch.rules import MAILBOX_KEEPS
from kliento.domain.vault.actions import destroy, seal_text
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id


class SealedMailbox(BaseEmailBackend):
    """EMAIL_BACKEND when EMAIL_URL is not set. Refuses production, where it would swallow real mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Seal each message under a key of its own; the oldest go, and their keys with them."""
        if settings.PRODUCTION:
            raise ImproperlyConfigured("EMAIL_URL is not set.")
        for message in email_messages:
            _catch(message)
        _keep_newest()
        return len(email_messages)


def _catch(message: EmailMessage) -> None:
    mail_id = new_id()
    shown = {
        "to": ", ".join(message.to),
        "subject": str(message.subject),
        "text": str(message.body),
        "html": _html_of(message),
    }
    with transaction.atomic():
        sealed = seal_text(mail_id, place="dispatch_demo_mail.sealed", row=mail_id, text=json.dumps(shown))
        DemoMail.objects.create(id=mail_id, sealed=sealed, made_at=now())


def _html_of(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")


def _keep_newest() -> None:
    old = list(DemoMail.objects.order_by("-id").values_list("id", flat=True)[MAILBOX_KEEPS:])
    if old:
        DemoMail.objects.filter(id__in=old).delete()
        destroy(old, at=now())
