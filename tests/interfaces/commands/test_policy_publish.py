"""`kliento policy publish`: an act with a date, reviewers and languages, which bad input leaves undone."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kliento.domain.policy.models import Notice
from kliento.domain.policy.rules import read
from tests.declaring import reworded
from tests.domain.policy.declarations import default_text

LATER = default_text().replace("dated = 2026-11-22", "dated = 2026-11-23", 1)
REVIEW = 'reviews = [{{ by = "Liisa Laki", role = "lawyer", on = 2026-11-23, of = "{version}" }}]'


@pytest.fixture
def declared(db, settings, tmp_path: Path) -> Path:
    """The declaration of this instance, dated a day later than the notice in force."""
    settings.KLIENTO_POLICY = tmp_path / "register.toml"
    settings.KLIENTO_POLICY.write_text(LATER, encoding="utf-8")
    return settings.KLIENTO_POLICY


def version_of(text: str) -> str:
    return read(text.encode(), name="register.toml").version


def refused(*, saying: str) -> None:
    """Publishing fails with status 1, and no notice comes or goes."""
    before = list(Notice.objects.order_by("number").values())
    with pytest.raises(CommandError, match=saying) as failed:
        call_command("policy", "publish")
    assert failed.value.returncode == 1
    assert list(Notice.objects.order_by("number").values()) == before


def test_publish_says_number_version_date_languages_and_who_reviewed_it(declared, capsys):
    version = version_of(LATER)
    declared.write_text(LATER.replace("reviews = []", REVIEW.format(version=version)), encoding="utf-8")
    call_command("policy", "publish")
    said = capsys.readouterr().out
    assert f"Notice 2, version {version}, dated 2026-11-23, is in force from now on" in said
    assert "in Finnish, Swedish and English. Reviewed by Liisa Laki (lawyer)." in said
    kept = Notice.objects.get(number=2)
    assert set(kept.texts) == {"fi", "sv", "en"}
    assert kept.document == declared.read_text(encoding="utf-8")


def test_publish_says_that_nobody_reviewed_it_and_a_second_time_that_it_stands(declared, capsys):
    call_command("policy", "publish")
    assert "Reviewed by nobody." in capsys.readouterr().out
    call_command("policy", "publish")
    assert capsys.readouterr().out.strip().endswith("is in force already, as notice 2.")
    assert Notice.objects.count() == 2


def test_publish_says_what_is_material_and_who_is_asked_again(declared, capsys):
    call_command("policy", "publish")
    declared.write_text(reworded(default_text(), "direct_marketing"), encoding="utf-8")
    capsys.readouterr()
    call_command("policy", "publish")
    said = capsys.readouterr().out
    assert "Notice 3, " in said
    assert "Material:" in said
    assert said.strip().endswith("Consents to it have no force any more; people are asked again.")


def test_in_production_one_that_nobody_reviewed_is_refused(declared, settings):
    settings.PRODUCTION = True
    refused(saying="Nobody has reviewed version")


def test_in_production_a_review_of_another_version_is_none(declared, settings):
    settings.PRODUCTION = True
    declared.write_text(LATER.replace("reviews = []", REVIEW.format(version="0" * 12)), encoding="utf-8")
    refused(saying="Nobody has reviewed version")


def test_one_that_was_in_force_before_another_is_refused(declared):
    call_command("policy", "publish")
    declared.write_text(reworded(default_text(), "direct_marketing"), encoding="utf-8")
    call_command("policy", "publish")
    declared.write_text(LATER, encoding="utf-8")
    refused(saying="was in force before. Give the declaration a new date")


def test_one_that_lacks_a_language_or_cannot_be_read_leaves_what_is_in_force(declared, capsys):
    call_command("policy", "publish")
    head, part = default_text().split("[purposes.direct_marketing]\n", 1)
    lines = part.splitlines(keepends=True)
    lines[0] = lines[0].replace("sv =", "no =", 1)
    declared.write_text(head + "[purposes.direct_marketing]\n" + "".join(lines), encoding="utf-8")
    refused(saying="mistake")
    assert "purposes.direct_marketing.label" in capsys.readouterr().err
    declared.write_text(default_text() + "[", encoding="utf-8")
    refused(saying="mistake")
