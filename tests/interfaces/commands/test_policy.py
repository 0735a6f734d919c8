"""`kliento policy check|render|diff`."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.domain.policy.declarations import changed, default_register


@pytest.fixture
def altered(tmp_path: Path) -> Path:
    path = tmp_path / "altered.toml"
    path.write_bytes(changed('name = "Kliento Oy"', 'name = "Osuuskunta Esimerkki"'))
    return path


def test_check_says_what_was_read_and_that_nobody_stands_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("policy", "check")
    said = capsys.readouterr().out
    assert default_register().version in said
    assert "Not reviewed" in said


def test_check_names_every_mistake_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.toml"
    path.write_bytes(changed('type = "phone"', 'type = "fax"').replace(b'city = "Helsinki"\n', b"", 1))
    with pytest.raises(CommandError) as failed:
        call_command("policy", "check", str(path))
    assert failed.value.returncode == 1
    said = capsys.readouterr().err
    assert "wrong.toml: holder.city: is missing" in said
    assert "wrong.toml: fields.phone.type: " in said


def test_check_of_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as failed:
        call_command("policy", "check", str(tmp_path / "none.toml"))
    assert failed.value.returncode == 2


@pytest.mark.parametrize(("language", "heading"), [("fi", "## Rekisterinpitäjä"), ("sv", "## Personuppgiftsansvarig")])
def test_render_prints_the_register_description(
    db, language: str, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("policy", "render", "--language", language)
    assert heading in capsys.readouterr().out


def test_render_as_json_is_what_the_site_serves(db, client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("policy", "render", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["version"] == default_register().version
    assert said == client.get("/register-description.json").json()


def test_diff_shows_each_change_and_answers_1(altered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("policy", "diff", str(altered))
    assert stopped.value.code == 1
    change, _, heading, *material = capsys.readouterr().out.strip().splitlines()
    said = "~ The register holder, name: now “Kliento Oy”, before “Osuuskunta Esimerkki”. (holder.name)"
    assert (change, heading) == (said, "Material:")
    again = " Consents to it have no force any more; people are asked again."
    assert f"  Keeping details about health: the register holder is another.{again}" in material
    shared = again.replace("it have", "it, and what is shared field by field, have")
    assert f"  Serving you: the register holder is another.{shared}" in material
    assert "  Providing the service: the register holder is another." in material


def test_diff_of_the_same_is_nothing(altered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("policy", "diff", str(altered), str(altered))
    assert capsys.readouterr().out.strip() == "No difference."
