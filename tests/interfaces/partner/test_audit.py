"""The audit: what a company’s own people did, in words."""

from datetime import timedelta

from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime

from kliento.domain.recipients.actions import demand_levels, note_act
from kliento.domain.recipients.queries import acts_of
from kliento.interfaces.partner.wording import ACTS
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.office import Office
from tests.phone import text_of
from tests.portal import whole


def test_the_audit_says_once_what_was_done_again_and_opens_to_each_time(portal, kaisa: Office) -> None:
    at = (now() - timedelta(days=1)).replace(minute=44, second=1)
    for seconds, fields in enumerate(["first_name", "first_name phone", "first_name"]):
        note_act(kaisa.owner, "members_exported", reference=f"xlsx {fields}", at=at + timedelta(seconds=seconds))
    for minutes in (0, 5):
        note_act(kaisa.owner, "visits_exported", reference="csv", at=at + timedelta(minutes=minutes))
    clock, later = (time_format(localtime(at + timedelta(minutes=minutes))) for minutes in (0, 5))

    page = portal.get("/partner/audit").content.decode()

    [row] = [each for each in page.split('<li class="row') if "as XLSX, 3 times" in each]
    said, _, more = row.partition("<details")
    assert "First name, Phone number" in said
    assert "First name, First name" not in row
    assert clock in row
    assert f"{clock}–{clock}" not in row
    listed = [each.split("</time>")[1].split("</li>")[0].strip() for each in more.split("<li>")[1:]]
    assert listed == ["First name", "First name, Phone number", "First name"]
    assert f"{clock}–{later}" in page


def test_the_audit_names_each_act_in_words(portal, kaisa: Office) -> None:
    whole(portal.get("/partner/visits.csv"))
    whole(portal.post("/partner/members.csv"))
    portal.post("/partner/notices/confirmation", {"notice": [str(kaisa.notice_id)]})
    portal.post(f"/partner/questions/{kaisa.question_id}/closing")

    noted = {act.act for act in acts_of(kaisa.place.third_party_id, limit=50)}
    done_here = {"visits_exported", "members_exported", "deletion_confirmed", "question_closed", "member_asked"}

    assert done_here <= noted <= ACTS.keys()
    page = text_of(portal.get("/partner/audit"))
    today = date_format(localdate(), "SHORT_DATE_FORMAT")
    for said in ["Took members along as CSV", "First name, Last name", "Took visits along as CSV", f", {today}<"]:
        assert said in page
    assert member_number(kaisa.number) in page
    for code in ["csv", "first_name", localdate().isoformat(), f"{kaisa.number}<"]:
        assert code not in page


def test_the_audit_says_which_cards_were_made_enough(portal, kaisa: Office) -> None:
    demand_levels(identify="static", redeem="rotating", by=kaisa.owner, at=now())
    page = text_of(portal.get("/partner/audit"))
    assert "A Kliento card, printed or on the phone, The code on the phone alone" in page
    assert "rotating" not in page
