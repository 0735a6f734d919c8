"""Production names everything it refuses to start with, and finds nothing wrong with a sound instance."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connections, transaction
from pytest_django import Settings

from kliento.domain.policy.actions import mark_demo_data
from kliento.domain.vault.models import Instance, KeysInstance
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from kliento.kernel.keyring import Keyring
from tests.config.production import Production, production, reviewed
from tests.databases import Databases


@pytest.fixture
def sound(db: Databases, tmp_path: Path, settings: Settings) -> Settings:
    """This process's settings, as production wants them."""
    settings.PRODUCTION = True
    settings.KLIENTO_KEYS = tmp_path / "keys"
    settings.KEYRING = Keyring.create(tmp_path / "keys", made_for="production")
    settings.KLIENTO_POLICY = reviewed(tmp_path)
    settings.KLIENTO_URL = "https://kliento.example"
    settings.ALLOWED_HOSTS = ["kliento.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def found() -> list[str]:
    return [finding.id for finding in run_checks(tags=["production"], include_deployment_checks=True)]


def test_a_sound_instance_has_nothing_to_refuse(sound: Settings) -> None:
    assert found() == []


def development_keys(settings: Settings, folder: Path) -> None:
    settings.KEYRING = Keyring.create(folder / "other", made_for="development")


def keys_in_the_data_folder(settings: Settings, folder: Path) -> None:
    settings.KLIENTO_DATA = folder


def keys_others_may_read(settings: Settings, folder: Path) -> None:
    (folder / "keys" / "root.key").chmod(0o644)


def no_declaration(settings: Settings, folder: Path) -> None:
    settings.KLIENTO_POLICY = folder / "nothing.toml"


def an_incomplete_declaration(settings: Settings, folder: Path) -> None:
    file = folder / "half.toml"
    file.write_text('dated = 2026-11-22\nreviews = []\n[holder]\nname = "Kliento Oy"\n')
    settings.KLIENTO_POLICY = file


def an_unreviewed_declaration(settings: Settings, folder: Path) -> None:
    settings.KLIENTO_POLICY = settings.PROJECT / "register.toml"


def a_declaration_changed_after_its_review(settings: Settings, folder: Path) -> None:
    text = (folder / "register.toml").read_text()
    settings.KLIENTO_POLICY = folder / "changed.toml"
    settings.KLIENTO_POLICY.write_text(text.replace('city = "Helsinki"', 'city = "Espoo"', 1))


def an_address_without_tls(settings: Settings, folder: Path) -> None:
    settings.KLIENTO_URL = "http://kliento.example"


def an_address_with_a_path(settings: Settings, folder: Path) -> None:
    settings.KLIENTO_URL = "https://kliento.example/register"


def any_host(settings: Settings, folder: Path) -> None:
    settings.ALLOWED_HOSTS = ["*"]


def no_mail_server(settings: Settings, folder: Path) -> None:
    settings.EMAIL_BACKEND = "kliento.domain.dispatch.actions.mailbox.SealedMailbox"


def one_database_for_both(settings: Settings, folder: Path) -> None:
    connections.settings["keys"]["NAME"] = connections.settings["default"]["NAME"]  # until the next test's databases


def debugging(settings: Settings, folder: Path) -> None:
    settings.DEBUG = True


def demo_data(settings: Settings, folder: Path) -> None:
    with transaction.atomic():
        mark_demo_data(at=now())


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (development_keys, "kliento.E001"),
        (keys_in_the_data_folder, "kliento.E002"),
        (keys_others_may_read, "kliento.E003"),
        (no_declaration, "kliento.E011"),
        (an_incomplete_declaration, "kliento.E012"),
        (an_unreviewed_declaration, "kliento.E013"),
        (a_declaration_changed_after_its_review, "kliento.E013"),
        (an_address_without_tls, "kliento.E021"),
        (an_address_with_a_path, "kliento.E022"),
        (any_host, "kliento.E023"),
        (no_mail_server, "kliento.E024"),
        (one_database_for_both, "kliento.E025"),
        (debugging, "kliento.E026"),
        (demo_data, "kliento.E031"),
    ],
)
def test_each_fault_is_named(
    sound: Settings, tmp_path: Path, spoil: Callable[[Settings, Path], None], finding: str
) -> None:
    spoil(sound, tmp_path)
    assert set(found()) == {finding}


@pytest.mark.parametrize("production", [False, True])
def test_databases_of_two_instances_are_refused_in_development_too(sound: Settings, production: bool) -> None:
    sound.PRODUCTION = production
    KeysInstance.objects.create(instance_id=new_id())
    Instance.objects.create(instance_id=new_id())
    assert found() == ["kliento.E041"]


def test_development_refuses_nothing(sound: Settings) -> None:
    sound.PRODUCTION = False
    sound.KLIENTO_URL = "http://localhost:8000"
    assert found() == []


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("KLIENTO_ENV", "prod", "can be development or production"),
        ("KLIENTO_ENV", "development", "Set KLIENTO_ENV=production"),  # at an https address
        ("DATABASE_URL", "postgres://localhost/kliento", "KEYS_DATABASE_URL is not"),
        ("KLIENTO_KEYS", "/nonexistent", "kliento keys create"),
        ("KLIENTO_ROOT_KEY", "c2hvcnQ=", "does not hold 32 bytes"),
        ("KLIENTO_ROOT_KEY", "not base64!", "is not base64"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_a_traceback(
    db: Databases, tmp_path: Path, variable: str, value: str, said: str
) -> None:
    instance: Production = production(db, tmp_path)
    environment = {**instance.environment, "KEYS_DATABASE_URL": "", "DATABASE_URL": ""} | {variable: value}
    refused = Production(environment, tmp_path).kliento("doctor")
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("url", ["https://localhost", "http://kliento.example", "http://192.0.2.7:8000", "kliento"])
def test_development_serves_this_machine_only(db: Databases, tmp_path: Path, url: str) -> None:
    instance: Production = production(db, tmp_path)
    keys = tmp_path / "others"
    refused = instance.kliento("serve", KLIENTO_ENV="development", KLIENTO_URL=url, KLIENTO_KEYS=str(keys))
    assert refused.returncode == 1
    assert "Set KLIENTO_ENV=production, or KLIENTO_URL to http://localhost:PORT." in refused.stderr
    assert not keys.exists()
