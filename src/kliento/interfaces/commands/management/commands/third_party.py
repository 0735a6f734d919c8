"""`kliento third-party`: who may identify people, who is stopped, and who works there."""

import getpass
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date

from django.core.management.base import BaseCommand

from kliento.domain.accounts.queries import account_at
from kliento.domain.recipients import actions, queries
from kliento.domain.recipients.rules import MECHANISMS, REVEALS, ROLES, USUAL_PURPOSES, Transfer
from kliento.interfaces.commands.stopping import since_when_and_by_whom
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now

_BY = SystemActor("kliento third-party")


def _whoever_asks() -> str:
    """The name of the system's user; without one (as in some containers), nobody's: then `--by` has to be said."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


class Command(BaseCommand):
    """Exit status: 0 it is done, 1 it was refused and says why, 2 wrong use."""

    help = "Add third parties, approve them under a role arrangement, add their premises and operators, list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of eight verbs. A third party is named by its name or its business ID."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|approve|suspend|...|list")
        add = verbs.add_parser("add", help="record an organisation; it can do nothing until it is approved")
        add.add_argument("name")
        add.add_argument("--business-id", required=True, help="with its check digit, like 1234567-1")
        add.add_argument(
            "--country", default="FI", help="two letters; outside the European Economic Area only if declared (FI)"
        )
        approve = verbs.add_parser("approve", help="let it identify people, under a recorded role arrangement")
        approve.add_argument("third_party")
        approve.add_argument(
            "--arrangement", required=True, help="who answers for what (GDPR Art. 26 or 28); people can read it"
        )
        approve.add_argument("--signed-on", required=True, type=date.fromisoformat, help="YYYY-MM-DD")
        approve.add_argument(
            "--purpose", action="append", dest="purposes", help="what for, once for each; without it: the usual ones"
        )
        approve.add_argument(
            "--transfer-mechanism", choices=MECHANISMS, help="outside the EEA: what data goes there on (R-TRF-1)"
        )
        approve.add_argument("--transfer-reference", default="", help="which decision or contract; people can read it")
        approve.add_argument("--transfer-dated", type=date.fromisoformat, help="its day, YYYY-MM-DD")
        suspend = verbs.add_parser("suspend", help="stop it at once: nothing of anybody reaches it any more")
        suspend.add_argument("third_party")
        suspend.add_argument(
            "--by", default=_whoever_asks(), help="who stops it (whoever is signed in to this machine)"
        )
        resume = verbs.add_parser("resume", help="let it go on as it was approved, where that still may be")
        resume.add_argument("third_party")
        language = verbs.add_parser("language", help="say in which language it writes, so that pages mark its words")
        language.add_argument("third_party")
        language.add_argument("language", choices=actions.LANGUAGES)
        premises = verbs.add_parser("premises", help="add a place of it, or flag one it has")
        premises.add_argument("third_party")
        premises.add_argument("name")
        premises.add_argument(
            "--reveals", choices=[*REVEALS, "nothing"], help="what a visit there tells: then the first one asks before"
        )
        operator = verbs.add_parser("operator", help="let somebody who has an account work for it")
        operator.add_argument("third_party")
        operator.add_argument("email", help="the address they sign in with")
        operator.add_argument("--role", choices=ROLES, default="till")
        verbs.add_parser("list", help="all of them, with their premises")

    def handle(self, *, verb: str, **options: object) -> None:
        """Do the one that was asked for."""
        verbs: dict[str, Callable[..., None]] = {
            "add": self.add,
            "approve": self.approve,
            "suspend": self.suspend,
            "resume": self.resume,
            "language": self.language,
            "premises": self.premises,
            "operator": self.operator,
            "list": self.list,
        }
        verbs[verb](**options)

    def add(self, *, name: str, business_id: str, country: str, **_: object) -> None:
        """Record a draft."""
        added = actions.add_third_party(name=name, business_id=business_id, country=country, by=_BY, at=now())
        self.stdout.write(f"{added.name} ({added.business_id}) is recorded. Next: kliento third-party approve")

    def approve(
        self,
        *,
        third_party: str,
        arrangement: str,
        signed_on: date,
        purposes: list[str] | None,
        transfer_mechanism: str | None,
        transfer_reference: str,
        transfer_dated: date | None,
        **_: object,
    ) -> None:
        """Approve under the arrangement, for these purposes; outside the EEA with what the transfer rests on."""
        found = queries.third_party_by_name(third_party)
        actions.approve_third_party(
            found.id,
            arrangement=arrangement,
            signed_on=signed_on,
            transfer=Transfer(transfer_mechanism, transfer_reference, transfer_dated) if transfer_mechanism else None,
            purposes=purposes or USUAL_PURPOSES,
            by=_BY,
            at=now(),
        )
        self.stdout.write(f"{found.name} is approved. Next: kliento third-party premises")

    def suspend(self, *, third_party: str, by: str, **_: object) -> None:
        """Stop it and note who did, and when; what people shared with it stays as it is, for when it goes on."""
        found = queries.third_party_by_name(third_party)
        actions.suspend_third_party(found.id, named=by, by=_BY, at=now())
        self.stdout.write(f"{found.name} is stopped: it gets nothing. To let it go on: kliento third-party resume")

    def resume(self, *, third_party: str, **_: object) -> None:
        """Let it go on under its arrangement."""
        found = queries.third_party_by_name(third_party)
        actions.resume_third_party(found.id, by=_BY, at=now())
        self.stdout.write(f"{found.name} is approved again.")

    def language(self, *, third_party: str, language: str, **_: object) -> None:
        """Note it; what is written stays as it is."""
        found = queries.third_party_by_name(third_party)
        actions.note_language(found.id, language, by=_BY)
        self.stdout.write(f"{found.name} writes in {language}.")

    def premises(self, *, third_party: str, name: str, reveals: str | None, **_: object) -> None:
        """Add a place, or flag one that is there."""
        found = queries.third_party_by_name(third_party)
        flag = "" if reveals in {None, "nothing"} else str(reveals)
        known = queries.premises_called(found.id, name)
        if known is None or reveals is None:
            added = actions.add_premises(found.id, name, reveals=flag, by=_BY, at=now())
            self.stdout.write(f"{found.name}, {added.name} is recorded. Next: kliento terminal code")
        else:
            actions.flag_premises(known, flag, by=_BY)
            self.stdout.write(f"{found.name}, {name}: a visit there tells {reveals}.")

    def operator(self, *, third_party: str, email: str, role: str, **_: object) -> None:
        """Appoint; the address is not repeated."""
        found, at = queries.third_party_by_name(third_party), now()
        actions.appoint_operator(account_at(email, at=at), third_party_id=found.id, role=role, by=_BY, at=at)
        self.stdout.write(f"That account is now {role} at {found.name}.")

    def list(self, **_: object) -> None:
        """One line for each, its premises beneath."""
        for third_party in queries.third_parties():
            stopped = since_when_and_by_whom(third_party.suspended_at, third_party.suspended_by)
            self.stdout.write(
                f"{third_party.name}  {third_party.business_id}  {third_party.country}  {third_party.state}"
                + (f"  {stopped}" if third_party.state == "suspended" else "")
            )
            for place in third_party.premises.all():
                self.stdout.write(f"  {place.name}" + (f"  reveals {place.reveals}" if place.reveals else ""))
