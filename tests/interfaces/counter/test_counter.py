"""The counter's pages, without JavaScript."""

import re

import pytest

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import resume_third_party, revoke_terminal, suspend_third_party
from kliento.domain.recipients.models import Terminal
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from tests import taps
from tests.world import REGISTER_HOLDER


def _page(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def _form(response) -> dict[str, str]:
    return dict(re.findall(r'name="(scan_id)" value="([^"]+)"', response.content.decode()))


def test_without_pairing_the_till_asks_for_a_code(client, db):
    assert client.get("/counter/")["Location"] == "/counter/pair"
    assert client.post("/counter/", {"code": "x"})["Location"] == "/counter/pair"
    assert client.get("/counter/pair").status_code == 200


def test_a_wrong_code_says_what_to_do(client, db):
    response = client.post("/counter/pair", {"code": "AAAA-BBBB-CCCC", "name": "Kassa"})
    assert response.status_code == 400
    assert "Ask for a new one" in _page(response)
    assert not Terminal.objects.exists()


def test_the_till_waits_with_the_field_ready(till):
    page = _page(till.get("/counter/"))
    assert "Scan a card" in page
    assert "autofocus" in page
    assert "Kahvila Kaisa" in page


def test_a_shown_card_fills_the_screen_with_a_welcome(till, kaisa):
    aino = taps.aino()
    taps.share(aino, kaisa, "first_name")
    response = till.post("/counter/", {"code": taps.code_of(aino, at=now())})
    page = _page(response)
    assert response.status_code == 200
    assert "till-ok" in page
    assert "Welcome, Aino" in page
    assert re.search(r"Member \d{4} \d{4}", page)


def test_a_typed_number_in_small_letters_with_spaces_works(till):
    aino = taps.aino()
    number = card_number(aino)
    page = _page(till.post("/counter/", {"code": f" {number[:4]} {number[4:].lower()} "}))
    assert "Welcome" in page


def test_a_mistyped_number_is_sent_back_for_another_look(till):
    number = card_number(taps.aino())
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    response = till.post("/counter/", {"code": wrong})
    assert response.status_code == 400
    assert "a letter or digit is wrong" in _page(response)
    assert not Scan.objects.exists()


def test_the_words_for_what_is_no_welcome(till, kaisa):
    aino = taps.aino()
    code = taps.code_of(aino, at=now())
    till.post("/counter/", {"code": code})
    again = _page(till.post("/counter/", {"code": code}))
    assert re.search(r"Already scanned \d{1,2}[.:]\d{2}", again)
    assert "till-wait" in again
    old = _page(till.post("/counter/", {"code": taps.code_of(aino, at=now().replace(year=2025))}))
    assert "Code expired, ask to refresh" in old
    foreign = _page(till.post("/counter/", {"code": "6412345678901"}))
    assert "Not a Kliento code" in foreign
    assert "till-no" in foreign


def test_a_restricted_person_is_not_accepted_without_a_reason(till):
    aino = taps.restricted(taps.aino())
    page = _page(till.post("/counter/", {"code": card_number(aino)}))
    assert "Not accepted" in page
    assert "restrict" not in page.lower()


def test_sending_a_form_twice_is_one_scan_with_one_answer(till, kaisa):
    aino = taps.aino()
    form = _form(till.get("/counter/")) | {"code": taps.code_of(aino, at=now())}
    first, second = (_page(till.post("/counter/", form)) for _ in range(2))
    assert "Welcome" in first
    assert "Welcome" in second
    assert (Scan.objects.count(), Visit.objects.count()) == (1, 1)


def test_an_old_form_with_another_card_is_another_scan(till):
    form = _form(till.get("/counter/"))
    till.post("/counter/", form | {"code": "one"})
    assert "Not a Kliento code" in _page(till.post("/counter/", form | {"code": "two"}))
    assert Scan.objects.count() == 2


def test_a_till_of_a_stopped_company_says_so_and_goes_on_with_it_unpaired(till, kaisa):
    suspend_third_party(kaisa.third_party_id, named="Reija", by=REGISTER_HOLDER, at=now())
    response = till.get("/counter/")
    assert response["Location"] == till.get("/counter/state")["Location"] == "/counter/pair"
    for page in ("/counter/pair", "/counter/pair?disconnected"):  # where the till's own scripts lead
        said = _page(till.get(page))
        assert "This company is not approved now: its tills take no cards." in said
        assert "This till was disconnected" not in said
    resume_third_party(kaisa.third_party_id, by=REGISTER_HOLDER, at=now())
    assert till.get("/counter/").status_code == 200


def test_a_revoked_till_is_told_so_and_pairs_again(till):
    terminal = Terminal.objects.get(name="Kassa 2")
    revoke_terminal(terminal.id, by=REGISTER_HOLDER, at=now())
    response = till.get("/counter/")
    assert response["Location"] == "/counter/pair?disconnected"
    assert "This till was disconnected" in _page(till.get(response["Location"]))
    assert till.get("/counter/")["Location"] == "/counter/pair?disconnected"


@pytest.mark.parametrize(
    "code", ["", " ", "\x00", "x" * 4301, "💳 قهوة \u202e", "<script>alert(1)</script>", "K1", "K2..."]
)
def test_whatever_is_typed_gets_an_answer(till, code):
    response = till.post("/counter/", {"code": code})
    assert response.status_code in {200, 400}
    assert "<script>alert" not in response.content.decode()
    assert not Visit.objects.exists()


def test_the_session_holds_no_secret_and_the_till_no_navigation(till):
    page = till.get("/counter/").content.decode()
    assert "<nav" not in page
    assert "kt_" not in page


@pytest.mark.parametrize("scan_id", ["", "no id", "ffffffff-ffff-7fff-bfff-ffffffffffff"])
def test_a_form_without_a_usable_id_is_a_scan_all_the_same(till, scan_id):
    aino = taps.aino()
    response = till.post("/counter/", {"code": taps.code_of(aino, at=now()), "scan_id": scan_id})
    assert (response.status_code, Visit.objects.count()) == (200, 1)


def test_the_till_alone_may_use_the_camera_and_compile_its_reader(till):
    page, pairing, elsewhere = till.get("/counter/"), till.get("/counter/pair"), till.get("/help")
    assert "camera=(self)" in page["Permissions-Policy"]
    assert "microphone=()" in page["Permissions-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    for other in (pairing, elsewhere):
        assert "camera=()" in other["Permissions-Policy"]
        assert "wasm-unsafe-eval" not in other["Content-Security-Policy"]


def test_a_result_stays_as_long_as_the_till_is_set_to(till):
    assert 'data-stays="4"' in _page(till.post("/counter/", {"code": "one"}))
    settings = _page(till.get("/counter/settings"))
    assert "How long a result stays" in settings
    assert till.post("/counter/settings", {"stays": "next"})["Location"] == "/counter/"
    assert 'data-stays="next"' in _page(till.post("/counter/", {"code": "two"}))


def test_one_setting_changes_alone_and_what_is_no_setting_is_refused(till):
    till.post("/counter/settings", {"stays": "8", "sounds": "off", "camera": "on"})
    till.post("/counter/settings", {"sounds": "on"})
    page = _page(till.post("/counter/", {"code": "one"}))
    assert all(part in page for part in ['data-stays="8"', 'data-sounds="on"', 'data-wanted="on"'])
    assert till.post("/counter/settings", {"stays": "9999"}).status_code == 400
    assert till.post("/counter/settings", {"loudness": "11"}).status_code == 400
    assert 'data-stays="8"' in _page(till.post("/counter/", {"code": "two"}))
