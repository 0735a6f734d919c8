"""Which database a table lives in. Data keys and the erasure list stand apart from all they could open."""

from typing import Any

from django.db.models import Model

_APART = {("vault", "datakey"), ("vault", "erasure"), ("vault", "keysinstance")}


class KeysApart:
    """Sends what stands apart to `keys`, everything else to `default`; each database gets its own tables only."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The table's one database."""
        return _home(model._meta.app_label, model._meta.model_name)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """The table's one database."""
        return _home(model._meta.app_label, model._meta.model_name)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Only within a database."""
        return self.db_for_read(type(one)) == self.db_for_read(type(other))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Operations without a model (RunSQL, RunPython) name their database by the hint `database`."""
        if model_name is None:
            return db == hints.get("database", "default")
        return db == _home(app_label, model_name)


def _home(app_label: str, model_name: str | None) -> str:
    return "keys" if (app_label, model_name) in _APART else "default"
