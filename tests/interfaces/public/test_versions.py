"""`/register-description/versions`: every notice that was ever in force, as it read, in three languages."""

import pytest

from kliento.domain.policy.rules import read
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.world import NOON

VERSIONS = "/register-description/versions"
REVIEW = 'reviews = [{{ by = "Liisa Laki", role = "lawyer", on = 2026-11-23, of = "{version}" }}]'
HEADINGS = {"fi": "Rekisterinpitäjä", "sv": "Personuppgiftsansvarig", "en": "Register holder"}


@pytest.fixture
def two(db, settings, tmp_path):
    """A reviewed notice, and the one after it, which nobody has reviewed."""
    text = default_text().replace("dated = 2026-11-22", "dated = 2026-11-21", 1)
    reviewed = text.replace("reviews = []", REVIEW.format(version=read(text.encode(), name="register.toml").version))
    later = reworded(default_text(), "direct_marketing")
    return [running_by(text, settings, tmp_path, at=NOON) for text in (reviewed, later)]


def opened(client, address: str, language: str) -> str:
    answer = client.get(address, {"language": language})
    assert (answer.status_code, answer["Content-Language"]) == (200, language)
    return answer.content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_list_leads_to_each_with_the_one_in_force_first(client, two, language):
    page = opened(client, VERSIONS, language)
    first, second = (page.index(f'href="{VERSIONS}/{each.version}?language={language}"') for each in two)
    assert second < first


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_reads_as_it_did_with_date_and_reviewers(client, two, language):
    for each, reviewed in zip(two, (True, False), strict=True):
        page = opened(client, f"{VERSIONS}/{each.version}", language)
        assert HEADINGS[language] in page
        assert f"<code>{each.version}</code>" in page
        assert str(each.dated.year) in page
        assert ("Liisa Laki" in page) == reviewed


def test_only_the_last_is_called_in_force(client, two):
    earlier, last = (opened(client, f"{VERSIONS}/{each.version}", "en") for each in two)
    assert "This is an earlier version." in earlier
    assert "Now otherwise" not in earlier
    assert "Nobody yet" not in earlier
    assert "This is an earlier version." not in last
    assert "Now otherwise" in last
    assert "Nobody yet" in last


@pytest.mark.parametrize("version", ["0" * 12, "none", "1"])
def test_one_that_never_was_is_not_found(client, two, version):
    assert client.get(f"{VERSIONS}/{version}").status_code == 404
