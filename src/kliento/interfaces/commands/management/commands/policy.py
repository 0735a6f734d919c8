"""`kliento policy check|render|diff`: is the declaration right, what does it say, what has changed in it?"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation

from kliento.domain.policy import queries
from kliento.domain.policy.rules import PolicyMistakes, Register, changes_between, read
from kliento.domain.recipients.queries import transfers
from kliento.web.reading import country_in_words


class Command(BaseCommand):
    """Exit status: 0 all is well, 1 the declaration has mistakes (check) or differs (diff), 2 wrong use."""

    help = "Check the declaration, render what it says, or show what differs between two of them."
    requires_system_checks = ()  # the declaration may be what keeps the rest from starting

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|render|diff")
        check = verbs.add_parser("check", help="name file, key and reason of every mistake")
        check.add_argument("file", nargs="?", type=Path, help="a declaration (KLIENTO_POLICY)")
        render = verbs.add_parser("render", help="the register description and notice, as it is published")
        render.add_argument("file", nargs="?", type=Path, help="a declaration (KLIENTO_POLICY)")
        render.add_argument("--language", choices=["fi", "sv", "en"], default="en")
        render.add_argument("--json", action="store_true", help="everything, in all languages, for programs")
        diff = verbs.add_parser("diff", help="what changed from one declaration to another")
        diff.add_argument("before", type=Path)
        diff.add_argument("after", nargs="?", type=Path, help="a declaration (KLIENTO_POLICY)")

    def handle(self, *, verb: str, **options: object) -> None:
        """Do the one that was asked for."""
        verbs: dict[str, Callable[..., None]] = {
            "check": self.check_declaration,
            "render": self.render,
            "diff": self.diff,
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

    def diff(self, *, before: Path, after: Path | None, **_: object) -> None:
        """Print each change on a line; status 1 when there is one."""
        changes = changes_between(self.declaration(before), self.declaration(after))
        signs = {"added": "+", "removed": "-", "changed": "~"}
        for change in changes:
            said = " -> ".join(filter(None, (change.before, change.after)))
            self.stdout.write(f"{signs[change.kind]} {change.key}: {said}")
        if changes:
            raise SystemExit(1)
        self.stdout.write("No difference.")

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
