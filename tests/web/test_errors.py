"""Every error is a page for people and problem details for programs, and neither repeats what was sent."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.databases import Databases


@pytest.fixture
def client(db: Databases, settings: Settings) -> Client:
    settings.ROOT_URLCONF = "tests.web.urls"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("not-found", 404, "not_found"),
        ("not-allowed", 403, "person_only"),
        ("conflict", 409, "already_used"),
        ("invalid", 400, "bad_phone"),
        ("invalid-fields", 400, "invalid"),
        ("too-often", 429, "too_many_requests"),
        ("no-page", 404, "not_found"),
        ("broken", 500, "failure"),
    ],
)
def test_programs_get_problem_details_with_a_stable_code(client: Client, kind: str, status: int, code: str) -> None:
    response = client.get(f"/api/v1/fail/{kind}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:kliento:problem:{code}")
    assert "aino" not in response.text


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("not-found", 404),
        ("not-allowed", 403),
        ("conflict", 409),
        ("invalid", 400),
        ("too-often", 429),
        ("broken", 500),
    ],
)
def test_people_get_a_page_that_says_what_to_do(client: Client, kind: str, status: int) -> None:
    response = client.get(f"/fail/{kind}")
    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>" in response.text
    assert 'href="/"' in response.text
    assert "aino" not in response.text


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/me/card/use", "/"),
        ("/partner/members.csv", "/"),
        ("/counter/redeem", "/counter/"),
        ("/demo/pairing-code", "/"),
    ],
)
def test_an_address_for_buttons_says_so_when_it_is_opened(client: Client, address: str, back: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Go back and use the button there." in response.text
    assert f'href="{back}"' in response.text


def test_a_page_that_takes_no_form_says_so(client: Client) -> None:
    response = client.post("/help")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "This page is there to be read" in response.text
    assert "use the button there" not in response.text


def test_programs_read_that_a_method_is_not_taken(client: Client) -> None:
    response = client.get("/api/v1/scans")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response.json()["code"] == "method_not_allowed"


def test_mistakes_carry_a_pointer(client: Client) -> None:
    one = client.get("/api/v1/fail/invalid").json()
    assert one["errors"] == [{"pointer": "/phone", "detail": "Check the phone number."}]
    deep = client.get("/api/v1/fail/invalid-fields").json()
    assert deep["errors"] == [{"pointer": "/scans/0/code", "detail": "This is not a card code."}]


def test_too_often_says_when_to_come_back(client: Client) -> None:
    assert client.get("/api/v1/fail/too-often")["Retry-After"] == "17"
    assert client.get("/fail/too-often")["Retry-After"] == "17"


def test_an_address_that_leads_nowhere_is_a_404_of_the_right_kind(client: Client) -> None:
    assert client.get("/nowhere").status_code == 404
    assert client.get("/api/v1/nowhere").json()["code"] == "not_found"


def test_a_form_without_its_token_explains_itself() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/me/language", {"language": "fi"})
    assert response.status_code == 403
    assert "This form has expired" in response.text


def test_the_log_knows_where_it_broke_and_nothing_of_what_was_said(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get("/fail/broken?q=aino@example.fi")
    _, log = capfd.readouterr()
    assert "ZeroDivisionError" in log
    assert "tests/web/urls.py" in log
    assert "aino" not in log


@pytest.mark.parametrize("path", ["/api/v1/fail/not-found", "/fail/not-found"])
def test_a_huge_body_is_refused_before_it_is_read(client: Client, path: str) -> None:
    kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
    assert client.post(path, b"x" * 1_000_001, content_type=kind).status_code == 413
    assert client.post(path, b"x" * 900_000, content_type=kind).status_code == 404


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/api/v1/fail/not-found", "text/plain"),
        ("/api/v1/fail/not-found", "application/x-www-form-urlencoded"),
        ("/api/v1/fail/not-found", ""),
        ("/fail/not-found", "application/json"),
        ("/fail/not-found", "text/xml"),
    ],
)
def test_a_wrong_content_type_is_named(client: Client, path: str, content_type: str) -> None:
    assert client.post(path, b"{}", content_type=content_type).status_code == 415


def test_a_length_that_is_no_number_is_refused(client: Client) -> None:
    assert client.post("/fail/not-found", {"a": "b"}, CONTENT_LENGTH="-1").status_code == 400


def test_too_many_form_fields_are_refused(client: Client) -> None:
    response = client.post("/fail/not-found", {f"f{number}": "x" for number in range(300)})
    assert response.status_code in {400, 413}


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/fail/not-found", headers={"host": "evil.example"}).status_code == 400
