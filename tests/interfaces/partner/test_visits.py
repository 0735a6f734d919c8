"""Today and visits in the portal: the days, places and figures of a range."""

import pytest

from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.office import Office
from tests.phone import text_of
from tests.portal import whole
from tests.world import kuntosali_kunto


def test_today_shows_the_visit_with_its_member_and_what_was_shown(portal, kaisa: Office) -> None:
    page = text_of(portal.get("/partner/today"))

    assert f">{member_number(kaisa.number)}</a>" in page
    assert "First name" in page
    assert "visit today" in page


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("fi", "Toimipaikka", "Toimipaikat"), ("sv", "Verksamhetsställe", "Verksamhetsställen")],
)
def test_one_place_is_not_called_several(portal, kaisa: Office, language: str, one: str, many: str) -> None:
    spoken = {"headers": {"accept-language": language}}

    page = text_of(portal.get("/partner/visits", **spoken))
    assert f'<th scope="col">{one}</th>' in page
    assert f'<label for="premises">{one}</label>' in page
    assert f"<h1>{many}</h1>" in text_of(portal.get("/partner/premises", **spoken))
    assert f'"{one}"' in whole(portal.get("/partner/visits.csv", **spoken)).decode().splitlines()[0]


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=0001-01-01", "to=2026-13-01", "before=1", "before=x-y", "before=99999999999999999999-00",
     "from=2024-01-01&to=2026-01-01", "premises=1"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_refused_within_the_portal(portal, query: str) -> None:
    answer = portal.get(f"/partner/visits?{query}")
    assert answer.status_code == 400
    assert 'href="/partner/team"' in text_of(answer)


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({"from": "2026-02-29", "to": "2026-03-31"}, "Enter a day"),
        ({"from": "2024-01-01", "to": "2026-01-01"}, "at most a year"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "The first day is after the last one"),
    ],
)
def test_what_is_wrong_with_the_days_stands_beside_them_and_they_are_kept(portal, kaisa, days, problem) -> None:
    page = text_of(portal.get("/partner/visits", {**days, "premises": str(kaisa.place.premises_id)}))

    assert page.count(problem) == 1
    assert f'value="{kaisa.place.premises_id}" selected' in page
    for day in days.values():
        assert f'value="{day}"' in page


def test_a_last_day_alone_begins_with_its_month(portal) -> None:
    page = text_of(portal.get("/partner/visits?to=2026-10-15"))
    assert 'value="2026-10-01"' in page
    assert 'value="2026-10-15"' in page


def test_days_without_a_visit_have_neither_plot_nor_files(portal) -> None:
    for days, said in [
        ("from=2199-01-01&to=2199-01-02", "yet to come"),
        ("from=2020-01-01&to=2020-01-02", "No visits"),
    ]:
        page = text_of(portal.get(f"/partner/visits?{days}"))
        assert said in page
        for absent in ["plot-area", "CSV", ">0.0<"]:
            assert absent not in page
    assert "CSV" in text_of(portal.get("/partner/visits"))


def test_one_is_one_visit_and_one_person(portal) -> None:
    page = text_of(portal.get("/partner/visits"))
    for said in [">visit<", ">person in ", "The whole month, all premises"]:
        assert said in page
    assert ">0.0<" not in page
    assert ">visit today<" in text_of(portal.get("/partner/today"))


def test_premises_of_others_are_not_found(portal, kaisa: Office) -> None:
    gym = kuntosali_kunto(at=now())
    assert portal.get(f"/partner/visits?premises={gym.premises_id}").status_code == 404
    assert portal.get(f"/partner/visits?premises={kaisa.place.premises_id}").status_code == 200
