"""`kliento demo`: fill an empty database with a small town."""

import os
import re
from argparse import ArgumentParser
from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from rich.progress import track

from kliento.domain.policy.actions import publish_own
from kliento.domain.policy.queries import has_demo_data
from kliento.domain.recipients.actions import LANGUAGES
from kliento.interfaces.demo.residents import OTHERS, residents
from kliento.interfaces.demo.seeding import Town, live
from kliento.interfaces.demo.town import PASSWORD, SHOPS
from kliento.kernel.clock import now


class Command(BaseCommand):
    """Development only. The town is marked as invented; production refuses a database that holds it."""

    help = "Fill an empty database with a small town: a café, a gym, a library, a dentist and the people who go there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A switch for `bin/run`, the language of the town and its size."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is data already")
        parser.add_argument(
            "--language",
            choices=LANGUAGES,
            default=spoken_in(os.environ),
            help="what its shops write in; without it the language of this session, or else English",
        )
        parser.add_argument("--others", type=int, default=OTHERS, help=f"how many live there beside Aino ({OTHERS})")

    def handle(self, *, if_empty: bool, language: str, others: int, **_: object) -> None:
        """Live through three months of it."""
        if settings.PRODUCTION:
            raise CommandError("The demo is for development only.", returncode=2)
        if has_demo_data() or _filled_table():
            if if_empty:
                return
            raise CommandError("The database is not empty; the town needs one of its own.", returncode=2)
        publish_own(at=now())
        town = Town(language=language, now=now())
        for shop in SHOPS:
            town.open(shop)
        acts = [act for resident in residents(others) for act in town.acts_of(resident)]
        acts += town.uploads()
        for _done in track(live(town, acts), description="A small town", total=len(acts), transient=True):
            pass
        self.stdout.write(
            f"{len(town.people)} people and {len(SHOPS)} shops live here now. See {settings.KLIENTO_URL}/demo/"
        )
        self.stdout.write(f"Sign in as aino@example.fi with the password: {PASSWORD}")


def spoken_in(environment: Mapping[str, str]) -> str:
    """What this session asks programs to speak, as far as a town can: English where it cannot."""
    asked = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    language = re.split("[_.@]", asked, maxsplit=1)[0]
    return language if language in LANGUAGES else "en"


def _filled_table() -> str | None:
    """The first of our tables that holds anything; a notice is about nobody."""
    for model in apps.get_models():
        is_ours = model.__module__.startswith("kliento.domain.") and model._meta.label != "policy.Notice"
        if is_ours and QuerySet(model).exists():
            return model._meta.db_table
    return None
