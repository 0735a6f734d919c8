"""Whoever might speak for somebody, and is not that person (threat 11)."""

from kliento.kernel.actor import AccountActor, Actor, OperatorActor, PersonActor, SystemActor, TerminalActor, Visitor
from kliento.kernel.ids import new_id
from tests.world import Place, eino, operator


def others(me: PersonActor, kaisa: Place) -> dict[str, Actor]:
    """One of every kind of actor there is, genuine and forged."""
    return {
        "another person": eino(),
        "who says to be them with another account": PersonActor(new_id(), me.account_id, "active"),
        "their own account without them": AccountActor(me.account_id),
        "the shop": operator(kaisa),
        "a forged operator": OperatorActor(me.account_id, new_id(), kaisa.third_party_id, "owner"),
        "a till": kaisa.terminal,
        "a forged till": TerminalActor(new_id(), new_id(), new_id()),
        "the service": SystemActor("import"),
        "nobody": Visitor(),
    }
