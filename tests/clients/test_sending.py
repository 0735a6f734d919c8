"""How a till sends: waits as it is told, splits what is refused, never takes somebody else's word for the service's."""

import os
import ssl
import subprocess
import sys

import pytest

from kliento.interfaces.commands.lan import certificate
from kliento.kernel.clock import now
from kliento_till import Disconnected, NotNow, Terminal, Till, Unreachable
from kliento_till.sending import BackOff
from tests.clients.outage import identified, problem, service
from tests.clients.tills import DEAD, Tills
from tests.databases import PROJECT


def test_a_till_without_a_network_keeps_what_it_was_shown_and_answers_at_once(tills: Tills) -> None:
    till = tills.open(DEAD)
    answers = [till.scan(code) for code in ("K1AAAAAAAAAAAAAA", "04A23B5C")]
    assert [(answer.outcome, answer.verdict) for answer in answers] == [("queued", "not_ours"), ("queued", "unchecked")]
    assert till.waiting == 2
    assert isinstance(till.trouble, Unreachable)


@pytest.mark.parametrize(("status", "code"), [(503, "busy"), (429, "too_many_requests")])
def test_retry_after_is_kept(tills: Tills, status: int, code: str) -> None:
    with service(problem(status, code, Retry_After="20"), identified) as running:
        till = tills.open(running.url)
        assert till.scan("04A23B5C").outcome == "queued"
        assert till.hand_in() == []
        assert len(running.asked) == 1
        assert isinstance(till.trouble, NotNow)
        assert till.trouble.retry_after_seconds == 20
        assert till.scan("04A23B5D").outcome == "queued"
        assert (len(running.asked), till.waiting) == (1, 2)
        assert 19 < till.pause_seconds <= 20


def test_without_retry_after_it_waits_twice_as_long_each_time_and_ten_seconds_at_most() -> None:
    waits, back_off = [], BackOff()
    for _ in range(9):
        back_off.failed()
        waits.append(back_off.seconds_left)
    longest = [1, 2, 4, 8, 10, 10, 10, 10, 10]
    assert all(most * 0.45 <= wait <= most for wait, most in zip(waits, longest, strict=True))


def test_scans_that_are_refused_together_are_sent_in_halves_and_the_bad_one_is_invalid_alone(tills: Tills) -> None:
    till = tills.open(DEAD)
    kept = [till.scan(f"04A23B5{symbol}") for symbol in "01234567"]
    till.close()
    bad = str(kept[5].id)

    def refusing(body):
        return problem(409, "scan_id_reused") if bad in [one["id"] for one in body["scans"]] else identified(body)

    with service(refusing) as running:
        till = tills.open(running.url)
        answers = {answer.id: answer for answer in till.hand_in()}
        assert [answers[one.id].outcome for one in kept] == ["identified"] * 5 + ["invalid"] + ["identified"] * 2
        assert answers[kept[5].id].problem.code == "scan_id_reused"
        assert till.waiting == 0
        assert all("code" not in one for body in running.asked for one in body["scans"])


@pytest.mark.parametrize(
    "strange",
    [
        (200, {"Content-Type": "text/html"}, "Welcome to our hotel"),
        (200, {}, {"scans": []}),
        (200, {}, {"scans": [{"id": "019aaf3c-7f00-7c3e-9c2a-5b1d6f0e8a11", "outcome": "identified"}]}),
        (400, {"Content-Type": "text/html"}, "Bad gateway"),
        (302, {"Location": "http://127.0.0.1:9/"}, ""),
        (500, {}, {"code": "failure"}),
    ],
)
def test_whatever_is_not_said_by_the_service_leaves_the_scan_in_the_queue(tills: Tills, strange) -> None:
    with service(strange) as running:
        till = tills.open(running.url)
        assert till.scan("04A23B5C").outcome == "queued"
        assert till.waiting == 1


def test_a_terminal_the_service_does_not_know_keeps_what_waits(tills: Tills) -> None:
    with service(problem(401, "unauthorized")) as running:
        till = tills.open(running.url)
        assert till.scan("04A23B5C").outcome == "queued"
        assert isinstance(till.trouble, Disconnected)
        till.hand_in()
        assert till.waiting == 1


def test_without_a_queue_the_till_says_that_nobody_answered(tills: Tills) -> None:
    with pytest.raises(Unreachable):
        tills.open(DEAD, queue=None).scan("04A23B5C")


def test_over_tls_it_talks_to_whom_it_trusts_alone(tills: Tills, tmp_path) -> None:
    made, key = certificate(tmp_path / "tls", "127.0.0.1", at=now())
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=made)
    serving.load_cert_chain(made, key)
    with service(identified, tls=serving) as running:
        url = running.url.replace("http:", "https:")
        stranger = tills.open(url, queue="other.sqlite3")
        assert stranger.scan("04A23B5C").outcome == "queued"
        assert running.asked == []
        assert tills.open(url, tls=trusting).scan("04A23B5C").outcome == "identified"


def test_without_cryptography_there_is_no_queue_and_everything_else() -> None:
    program = """if True:
        import sys
        sys.modules["cryptography"] = None
        from kliento_till import NeedsOffline, Terminal, Till, Unreachable
        terminal = Terminal("http://127.0.0.1:9", "kt_x", b"", b"")
        for queue, expected in (("queue.sqlite3", NeedsOffline), (None, Unreachable)):
            try:
                Till(terminal, queue=queue).scan("04A23B5C")
            except expected as error:
                print(type(error).__name__)
    """
    paths = {"PYTHONPATH": str(PROJECT / "clients" / "python" / "src")}
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | paths, capture_output=True, text=True)
    assert done.stdout.split() == ["NeedsOffline", "Unreachable"], done.stderr


def test_a_secret_is_not_sent_in_clear_to_another_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        Till(Terminal("http://kliento.example", "kt_x", b"", b""))
