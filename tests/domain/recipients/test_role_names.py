"""A role that had another name: migrated, still written by the previous version, on the way back. And old acts."""

from datetime import timedelta

import pytest
from django.db import connection

from kliento.domain.people.queries import person_behind
from kliento.domain.recipients import actions, queries
from kliento.domain.recipients.models import Operator, OperatorAct
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions import confirm_deletion
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests.migrating import migrated_fully, migrated_to
from tests.office import office
from tests.portal import operator, portal_of
from tests.world import NOON, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def roles() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, count(*) FROM recipients_operator GROUP BY role")
        return dict(cursor.fetchall())


def written_by_the_previous_version() -> OperatorActor:
    till = operator(kahvila_kaisa(), "till", address="tiina@example.fi")
    Operator.objects.update(role="cashier")
    return till


def test_cashiers_become_tills() -> None:
    written_by_the_previous_version()
    migrated_to("recipients", "0003_invitations")
    migrated_fully()
    assert roles() == {"till": 1}


def test_a_cashier_reads_as_a_till_until_the_previous_version_is_gone() -> None:
    till = written_by_the_previous_version()
    assert queries.operator_of(till.account_id) == till
    assert [place.role for place in queries.workplaces_of(till.account_id)] == ["till"]
    assert [member.role for member in queries.team_of(till.third_party_id)] == ["till"]
    assert [account for account, _ in queries.operators_to_tell(till.third_party_id, Right.USE_TILL)] == [
        till.account_id
    ]
    assert portal_of(till).get("/partner/", follow=True).status_code == 200


def test_the_way_back_keeps_two_roles_and_whoever_has_an_account() -> None:
    place = kahvila_kaisa()
    owner = operator(place)
    for role in ("manager", "till"):
        operator(place, role, address=f"{role}@example.fi")
    gone = operator(place, "analyst", address="gone@example.fi")
    actions.note_act(gone, "visits_exported", at=NOON)
    Operator.objects.filter(id=gone.operator_id).update(account=None, ended_at=NOON)
    migrated_to("recipients", "0001_initial")
    assert roles() == {"owner": 1, "cashier": 2}
    migrated_fully()
    assert roles() == {"owner": 1, "till": 2}
    assert queries.operator_of(owner.account_id) == owner


def test_acts_are_purged_in_batches_by_their_time() -> None:
    owner = operator(kahvila_kaisa())
    for days in (0, 1, 2, 3, 4, 731):
        actions.note_act(owner, "visits_exported", at=NOON + timedelta(days=days))
    assert actions.purge_acts(at=NOON + timedelta(days=735), batch=2) == 5
    assert OperatorAct.objects.count() == 1


def test_an_operators_download_holds_no_members_number() -> None:
    shop = office()
    confirm_deletion(shop.notice_id, by=shop.owner, at=now())
    person_id = person_behind(shop.owner.account_id)
    assert person_id is not None
    described = str(queries.describe_person(person_id))
    assert "member_asked" in described
    assert "deletion_confirmed" in described
    assert str(shop.question_id) in described
    assert shop.number not in described
