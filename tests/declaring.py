"""The product run by a declaration of the test's own, published as it would be."""

from datetime import datetime
from pathlib import Path

from pytest_django import Settings

from kliento.domain.policy.actions import publish_own
from kliento.domain.policy.queries import PublishedNotice

MARKETING = ("direct_marketing", "opinion_surveys", "market_surveys", "planning")


def running_by(text: str, settings: Settings, folder: Path, *, at: datetime) -> PublishedNotice:
    """From now on this declaration is in force; the notice it was published as."""
    path = folder / f"register-{abs(hash(text))}.toml"
    path.write_text(text, encoding="utf-8")
    settings.KLIENTO_POLICY = path
    return publish_own(at=at)


def in_use(text: str, *codes: str) -> str:
    """The declaration with these purposes in use, none of which is yet."""
    for code in codes:
        head, part = text.split(f"[purposes.{code}]\n", 1)
        text = f"{head}[purposes.{code}]\n" + part.replace('status = "planned"', 'status = "in_use"', 1)
    return text


def without_alerts(text: str) -> str:
    """The declaration of an organisation that has not declared alerts."""
    head, part = text.split("[purposes.alerts]\n", 1)
    return head + part[part.index("[purposes.") :]


def reworded(text: str, code: str) -> str:
    """The declaration a day later, with this purpose described in other words."""
    head, part = text.split(f"[purposes.{code}]\n", 1)
    changed = part.replace(' en = "', ' en = "Now otherwise: ', 2)
    return f"{head}[purposes.{code}]\n{changed}".replace("dated = 2026-11-22", "dated = 2026-11-23", 1)
