"""The two databases of one instance carry the same random id, so that neither is ever used beside another's."""

import secrets
from uuid import UUID

from django.db import transaction

from kliento.domain.vault.models import DataKey, Erasure, Instance, KeysInstance, Owner
from kliento.domain.vault.rules import belong_together
from kliento.kernel.errors import Conflict
from kliento.kernel.rows import insert_new_rows


def pair_databases() -> None:
    """See that the main database and `keys` belong together; the first time, give both one id.

    Raises Conflict when they do not: one was restored, or set up anew, without the other. Safe to repeat after a crash
    and beside other processes: whoever comes second finds the first one's id.
    """
    main, keys = _id_in(Instance), _id_in(KeysInstance)
    if main is None or keys is None:
        main_used = Owner.objects.exists()
        keys_used = DataKey.objects.exists() or Erasure.objects.exists()
        if belong_together(main, keys, main_used=main_used, keys_used=keys_used):
            made = main or keys or UUID(bytes=secrets.token_bytes(16))
            with transaction.atomic(using="keys", durable=True):
                insert_new_rows(KeysInstance, ("only", "instance_id"), [(True, made)])
            keys = _id_in(KeysInstance)
            with transaction.atomic(durable=True):
                insert_new_rows(Instance, ("only", "instance_id"), [(True, keys)])
            main = _id_in(Instance)
    if main is None or main != keys:
        raise Conflict(code="databases_do_not_belong_together")


def _id_in(model: type[Instance] | type[KeysInstance]) -> UUID | None:
    return model.objects.values_list("instance_id", flat=True).first()
