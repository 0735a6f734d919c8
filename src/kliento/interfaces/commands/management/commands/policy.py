"""`kliento policy check|render|diff|publish`: is the declaration right, what does it say, what has changed in it?"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation

from kliento.domain.consents.actions import rebuild_states
from kliento.domain.policy import queries
from kliento.domain.policy.actions import publish_own
from kliento.domain.policy.rules import (
    PolicyMistakes,
    Register,
    changes_between,
    material_changes,
    outdates_consent,
    read,
)
from kliento.domain.recipients.queries import transfers
from kliento.domain.sharing.rules import SERVING
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from kliento.web.reading import country_in_words


class Command(BaseCommand):
    """Exit status: 0 all is well, 1 the declaration has mistakes (check) or differs (diff), 2 wrong use."""

    help = "Check the declaration, render what it says, show what differs between two of them, or put it into force."
    requires_system_checks = ()  # the declaration may be what keeps the rest from starting

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of four verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|render|diff|publish")
        check = verbs.add_parser("check", help="name file, key and reason of every mistake")
        check.add_argument("file", nargs="?", type=Path, help="a declaration (KLIENTO_POLICY)")
        render = verbs.add_parser("render", help="the register description and notice, as it is published")
        render.add_argument("file", nargs="?", type=Path, help="a declaration (KLIENTO_POLICY)")
        render.add_argument("--language", choices=["fi", "sv", "en"], default="en")
        render.add_argument("--json", action="store_true", help="everything, in all languages, for programs")
        diff = verbs.add_parser("diff", help="what changed from one declaration to another")
        diff.add_argument("before", nargs="?", type=Path, help="a declaration (the notice in force)")
        diff.add_argument("after", nargs="?", type=Path, help="a declaration (KLIENTO_POLICY)")
        verbs.add_parser("publish", help="put the declaration of KLIENTO_POLICY into force, and say who is asked again")

    def handle(self, *, verb: str, **options: object) -> None:
        """Do the one that was asked for."""
        verbs: dict[str, Callable[..., None]] = {
            "check": self.check_declaration,
            "render": self.render,
            "diff": self.diff,
            "publish": self.publish,
        }
        verbs[verb](**options)

    def check_declaration(self, *, file: Path | None, **_: object) -> None:
        """Say what was read, and whether somebody stands for it."""
        register = self.declaration(file)
        self.stdout.write(
            f"{register.holder.name}: {len(register.purposes)} purposes, {len(register.fields)} fields, "
            f"version {register.version}, dated {register.dated}."
        )
        if register.reviewed:
            self.stdout.write("Reviewed.")
        else:
            self.stdout.write(
                "Not reviewed: production refuses to start with it. Who has read it and stands for it adds\n"
                f'  [[reviews]] with by, role, on and of = "{register.version}".'
            )

    def render(self, *, file: Path | None, language: str, json: bool, **_: object) -> None:
        """Print the register description."""
        register = self.declaration(file)
        abroad = [] if file else self.abroad()
        if json:
            self.stdout.write(as_text(queries.as_json(register) | {"transfers": abroad}))
            return
        self.stdout.write(as_markdown(queries.notice(register, language), abroad))

    def abroad(self) -> list[dict[str, str]]:
        """The third parties of this instance that are outside the EEA; a declaration by itself has none."""
        try:
            return transfers()
        except DatabaseError:
            self.stderr.write("Who is outside the EEA is left out: the database does not answer.")
            return []

    def diff(self, *, before: Path | None, after: Path | None, **_: object) -> None:
        """Print each change as a sentence, then what of it is material; status 1 when there is a change."""
        earlier, later = self.declaration(before) if before else self.in_force(), self.declaration(after)
        changes = changes_between(earlier, later)
        signs = {"added": "+", "removed": "-", "changed": "~"}
        for change in changes:
            self.stdout.write(f"{signs[change.kind]} {queries.change_in_words(change, earlier, later)}")
        if not changes:
            self.stdout.write("No difference.")
            return
        self.say_what_is_material(material_changes(earlier, later), later)
        raise SystemExit(1)

    def publish(self, **_: object) -> None:
        """Put it into force, once; afterwards the processes that serve are started again with it."""
        declared = self.declaration(None)
        last = queries.last_published()
        if last is not None and last.version == declared.version:
            self.stdout.write(f"Version {declared.version} is in force already, as notice {last.number}.")
            return
        try:
            published = publish_own(at=now())
        except Conflict as refused:
            raise CommandError(str(refused.message), returncode=1) from refused
        if last is None:
            rebuild_states()  # what was agreed to under this very version before it was published stands
        reviewers = ", ".join(f"{review['by']} ({review['role']})" for review in published.reviewers) or "nobody"
        self.stdout.write(
            f"Notice {published.number}, version {published.version}, dated {published.dated}, is in force from now on"
            f" in Finnish, Swedish and English. Reviewed by {reviewers}."
        )
        if last is not None:
            self.say_what_is_material(published.changes, declared)

    def say_what_is_material(self, changes: Mapping[str, Sequence[str]], declared: Register) -> None:
        """Each purpose that changed materially, why, and whether whoever agreed to it is asked again."""
        if not changes:
            self.stdout.write("\nNothing of this is material: every consent stands.")
            return
        self.stdout.write("\nMaterial:")
        for code, reasons in changes.items():
            purpose = declared.purposes[code]
            said = "; ".join(queries.material_in_words(reason) for reason in reasons)
            again = purpose.basis == "consent" and outdates_consent(reasons) and "new" not in reasons
            shared = code == SERVING and outdates_consent(reasons, one_field=True)
            what = "Consents to it, and what is shared field by field," if shared else "Consents to it"
            follows = f" {what} have no force any more; people are asked again." if again else ""
            self.stdout.write(f"  {purpose.label.en}: {said}.{follows}")

    def in_force(self) -> Register:
        """What the notice in force declares."""
        last = queries.last_published()
        if last is None:
            raise CommandError("No notice is in force yet. Name two declarations.", returncode=2)
        return last.register

    def declaration(self, file: Path | None) -> Register:
        """The declaration in `file`, or the one of this instance; every mistake is shown before giving up."""
        path = file or Path(settings.KLIENTO_POLICY)
        try:
            return read(path.read_bytes(), name=path.name)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}", returncode=2) from error
        except PolicyMistakes as wrong:
            for mistake in wrong.mistakes:
                self.stderr.write(str(mistake))
            raise CommandError(f"{path.name} has {len(wrong.mistakes)} mistakes.", returncode=1) from wrong


def as_text(document: object) -> str:
    """JSON for reading and for programs alike."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def as_markdown(notice: queries.Notice, abroad: Sequence[Mapping[str, str]] = ()) -> str:
    """The notice as plain text with headings, those outside the EEA under their own."""
    with translation.override(notice.language):
        planned = translation.gettext("Not in use yet")
    lines = [f"# {notice.title}", "", f"{notice.dated.isoformat()} · {notice.version}", ""]
    for section in notice.sections:
        lines += [f"## {section.heading}", ""]
        lines += [said.text + ("" if said.in_use else f" ({planned})") for said in section.sentences]
        if section.code == "transfers":
            with translation.override(notice.language):
                for each in abroad:
                    rests_on = f"{queries.mechanism_in_words(each['mechanism'])}: {each['reference']}, {each['dated']}"
                    lines += ["", f"### {each['name']}"]
                    lines += [f"- {translation.gettext('Where')}: {country_in_words(each['country'])}"]
                    lines += [f"- {translation.gettext('Transfers rest on')}: {rests_on}"]
        for item in section.items:
            lines += ["", f"### {item.title}" + ("" if item.in_use else f" ({planned})"), item.note]
            lines += [f"- {label}: {text}" for label, text in item.facts]
        lines.append("")
    return "\n".join(lines)
