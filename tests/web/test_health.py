import pytest
from django.db import connection
from django.test import Client

from tests.databases import Databases

pytestmark = pytest.mark.both_engines


def test_a_process_that_answers_is_alive_without_a_database() -> None:
    assert Client().get("/healthz").text == "alive\n"


def test_every_part_that_answers_is_ready(db: Databases) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database default": "ready", "database keys": "ready"}
    assert "no-store" in response["Cache-Control"]


def test_a_part_that_fails_is_named(db: Databases) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["database default"] == "failing"
