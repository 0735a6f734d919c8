"""Threat 8: two third parties put together what Kliento gave them; only what was granted to both matches."""

from datetime import datetime, timedelta
from itertools import product

from kliento.domain.gate.actions import ThirdPartyRecipient, disclose, disclose_export, disclose_list
from kliento.domain.policy.queries import register
from kliento.domain.sharing.queries import members_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.world import Place, kahvila_kaisa, kuntosali_kunto, operator, shares, stores

CODES = sorted(register().purpose("serving").fields - {"allergies"})
# What each person shares with the café and with the gym. Only the third and the fourth share one thing with both.
SHARED = [
    ({"first_name", "over_18"}, {"last_name", "birth_date"}),
    ({"phone", "postcode_area"}, {"email", "postcode"}),
    ({"first_name", "phone"}, {"phone", "birthday_month"}),
    ({"birth_date", "email"}, {"email", "over_18"}),
    (set(), {"first_name", "phone", "email"}),
]


def guests(cafe: Place, gym: Place) -> list[PersonActor]:
    """People with a card, each value theirs alone, who share some here and some there."""
    people = []
    for number, choices in enumerate(SHARED):
        guest = taps.cardholder(f"guest{number}@example.fi", f"Nimi{number}")
        stores(
            guest,
            last_name=f"Suku{number}",
            phone=f"040 123 45{number}0",
            email=f"oma{number}@example.fi",
            birth_date=f"199{number}-0{number + 1}-1{number}",
            postcode=f"0{number}25{number}",
        )
        for place, codes in zip((cafe, gym), choices, strict=True):
            shares(guest, place, *sorted(codes))
        people.append(guest)
    return people


def given_to(place: Place, people: list[PersonActor], client, *, at: datetime) -> dict[PersonActor, set[str]]:
    """All that this third party gets of each person, in every way there is, as bare texts; "yes" and "no" left out."""
    tapped = {person: taps.tap(person, place, at=at) for person in people}
    members = {member.subject_id: member for member in members_of(place.third_party_id, limit=100)}
    listed = [
        read(list(members.values()), to=operator(place), purpose="serving", fields=CODES, at=at)
        for read in (disclose_list, disclose_export)
    ]
    got: dict[PersonActor, set[str]] = {}
    for person, tap in tapped.items():
        texts = {str(tap.visit_id), str(tap.member_number), *tap.values.values()}
        for values in listed:
            texts |= set(values[members[person.person_id].relationship_id].values())
        headers = {"Authorization": f"Bearer {place.secret}"}
        asked = {"fields": ",".join(CODES), "purpose": "serving"}
        answer = client.get(f"/api/v1/members/{tap.member_number}", asked, headers=headers)
        if answer.status_code == 200:
            texts |= texts_in(answer.json())
            to = ThirdPartyRecipient.at(place.terminal)
            seen = disclose(person.person_id, to=to, purpose="serving", fields=CODES, at=at)
            texts |= {str(seen.entry_id), *seen.values.values()}
        got[person] = texts - {"yes", "no"}
    return got


def texts_in(content: object) -> set[str]:
    """Every text that stands anywhere in an answer, names of fields left out."""
    if isinstance(content, dict):
        return set().union(*(texts_in(value) for value in content.values()))
    if isinstance(content, list):
        return set().union(*(texts_in(value) for value in content)) - set(CODES)
    return {str(content)} - set(CODES)


def test_joined_on_everything_only_what_was_granted_to_both_matches(db, client):
    cafe, gym = kahvila_kaisa(), kuntosali_kunto()
    people = guests(cafe, gym)
    at_cafe = given_to(cafe, people, client, at=now())
    at_gym = given_to(gym, people, client, at=now() + timedelta(minutes=1))
    matches = {
        (people.index(one), people.index(other)): at_cafe[one] & at_gym[other]
        for one, other in product(people, people)
        if at_cafe[one] & at_gym[other]
    }
    assert matches == {(2, 2): {"+358401234520"}, (3, 3): {"oma3@example.fi"}}


def test_a_member_number_and_a_relationship_are_of_one_third_party_alone(db):
    cafe, gym = kahvila_kaisa(), kuntosali_kunto()
    for person in guests(cafe, gym):
        taps.tap(person, cafe)
        taps.tap(person, gym, at=taps.later(minutes=1))
    known = [members_of(place.third_party_id, limit=100) for place in (cafe, gym)]
    numbers, relationships = (
        [{getattr(member, name) for member in members} for members in known]
        for name in ("member_number", "relationship_id")
    )
    assert not numbers[0] & numbers[1]
    assert not relationships[0] & relationships[1]
