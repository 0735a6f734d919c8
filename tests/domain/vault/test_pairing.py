"""The two databases of one instance know each other; beside a stranger nothing is swept."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from kliento.domain.vault.actions import NewValue, pair_databases, seal_values, sweep_orphans
from kliento.domain.vault.models import DataKey, Instance, KeysInstance, Owner, Value
from kliento.domain.vault.rules import belong_together
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id

ONE, OTHER = UUID(int=1), UUID(int=2)


def four_live_keys() -> None:
    with transaction.atomic():
        seal_values([NewValue(new_id(), "first_name", "Aino", "person") for _ in range(4)], at=now())


def fresh_main() -> None:
    """What stands in a main database that was just migrated, as far as the vault can see."""
    for model in (Instance, Owner, Value):
        model.objects.all().delete()


def fresh_keys() -> None:
    for model in (KeysInstance, DataKey):
        model.objects.all().delete()


def another_main() -> None:
    Instance.objects.update(instance_id=new_id())
    Owner.objects.all().delete()


def test_both_get_one_id_and_keep_it(db):
    pair_databases()
    made = Instance.objects.get().instance_id
    assert KeysInstance.objects.get().instance_id == made
    four_live_keys()
    pair_databases()
    assert (Instance.objects.get().instance_id, KeysInstance.objects.get().instance_id) == (made, made)


@pytest.mark.parametrize("swap", [fresh_main, another_main])
@pytest.mark.parametrize("paired", [False, True])
def test_a_main_database_that_is_not_theirs_sweeps_no_key(db, swap: Callable[[], None], paired: bool):
    if paired or swap is another_main:
        pair_databases()
    four_live_keys()
    swap()
    with pytest.raises(Conflict, match="databases_do_not_belong_together"):
        sweep_orphans(now() + timedelta(days=2))
    assert DataKey.objects.count() == 4


@pytest.mark.parametrize("paired", [False, True])
def test_a_fresh_database_of_keys_beside_a_used_main_one_is_refused(db, paired: bool):
    if paired:
        pair_databases()
    four_live_keys()
    fresh_keys()
    with pytest.raises(Conflict, match="databases_do_not_belong_together"):
        pair_databases()


@pytest.mark.parametrize("lost", [Instance, KeysInstance])
def test_a_crash_between_the_two_is_made_good(db, lost):
    pair_databases()
    lost.objects.all().delete()
    pair_databases()
    assert Instance.objects.get().instance_id == KeysInstance.objects.get().instance_id


@pytest.mark.parametrize(
    ("main", "keys", "main_used", "keys_used", "together"),
    [
        (ONE, ONE, True, True, True),
        (ONE, ONE, False, True, True),
        (ONE, OTHER, False, False, False),
        (ONE, OTHER, True, True, False),
        (None, ONE, False, True, False),
        (None, ONE, True, True, False),
        (None, ONE, False, False, True),
        (ONE, None, True, False, False),
        (ONE, None, False, False, True),
        (None, None, False, False, True),
        (None, None, True, True, True),
        (None, None, False, True, False),
        (None, None, True, False, False),
    ],
)
def test_the_whole_table(main: UUID | None, keys: UUID | None, main_used: bool, keys_used: bool, together: bool):
    assert belong_together(main, keys, main_used=main_used, keys_used=keys_used) is together
