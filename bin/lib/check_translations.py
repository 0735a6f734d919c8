"""Is every text translated into every language, and does every catalogue still fit the sources?

Texts are gathered afresh into a scratch copy. A text without translation, a fuzzy one, one the sources no longer have,
or placeholders that differ from the source's, is named by file.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from machine import PROJECT

_PACKAGE = PROJECT / "src" / "kliento"
_LANGUAGES = ("fi", "sv")
_DOMAINS = {"django": ["html,txt,py"], "djangojs": ["js"]}


def main() -> int:
    """0 when nothing is missing in any language."""
    mistakes = []
    for domain, extensions in _DOMAINS.items():
        for language, wanted in gathered(domain, extensions).items():
            path = _PACKAGE / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            if not path.exists():
                if any(message.id for message in wanted):
                    mistakes.append(f"{path.relative_to(PROJECT)}: not there")
                continue
            name = str(path.relative_to(PROJECT))
            mistakes += [f"{name}: {mistake}" for mistake in judged(read(path, language), wanted)]
            mistakes += formats(path)
    print("\n".join(mistakes))
    return 1 if mistakes else 0


def judged(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """What the catalogue lacks, leaves in doubt, or keeps although no source has it."""
    known = {(message.context, key_of(message.id)): message for message in catalogue if message.id}
    needed = {(message.context, key_of(message.id)) for message in wanted if message.id}
    mistakes = []
    for context, text in sorted(needed, key=str):
        message = known.get((context, text))
        translations = () if message is None else message.string
        if isinstance(translations, str):
            translations = (translations,)
        if not translations or not all(translations):
            mistakes.append(f"not translated: {text!r}")
        elif message is not None and message.fuzzy:
            mistakes.append(f"fuzzy: {text!r}")
    mistakes += [f"no source has it any more: {text!r}" for key in known.keys() - needed for text in [key[1]]]
    return mistakes


def gathered(domain: str, extensions: list[str]) -> dict[str, Catalog]:
    """What the sources have today, by language."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "kliento"
        shutil.copytree(_PACKAGE, copy, ignore=shutil.ignore_patterns("vendor", "*.mo", "*.po", "__pycache__"))
        for language in _LANGUAGES:
            (copy / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        command = [
            str(Path(sys.executable).with_name("django-admin")),
            "makemessages",
            "--domain",
            domain,
            "--no-location",
        ]
        command += [part for language in _LANGUAGES for part in ("--locale", language)]
        command += [part for extension in extensions for part in ("--extension", extension)]
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            sys.exit(run.stdout + run.stderr)
        paths = {language: copy / "locale" / language / "LC_MESSAGES" / f"{domain}.po" for language in _LANGUAGES}
        return {
            language: read(path, language) if path.exists() else Catalog(language) for language, path in paths.items()
        }


def formats(path: Path) -> list[str]:
    """What gettext itself says: placeholders, plural forms, syntax."""
    run = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", path], capture_output=True, text=True, check=False)
    return run.stderr.splitlines() if run.returncode != 0 else []


def read(path: Path, language: str) -> Catalog:
    """The catalogue in that file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def key_of(identifier: str | tuple[str, ...] | list[str]) -> str:
    """The text itself; of a plural, its singular."""
    return identifier if isinstance(identifier, str) else identifier[0]


if __name__ == "__main__":
    sys.exit(main())
