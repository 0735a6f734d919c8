"""The operations of the API: parse, one action or query, answer."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError
from ninja.responses import Status
from ninja.security import HttpBearer

from kliento.domain.cards.actions import hand_out_block_list
from kliento.domain.cards.queries import public_code_key, public_sealing_key
from kliento.domain.claiming.actions import give_claim_code
from kliento.domain.gate import actions as gate
from kliento.domain.programmes.rules import StampsView
from kliento.domain.recipients.actions import pair_terminal
from kliento.domain.recipients.queries import let_in, place_of, terminal_actor
from kliento.domain.sharing.queries import relationship_by_number
from kliento.domain.visits.actions import redeem_at_till, undo_redemption
from kliento.interfaces.api.problems import answer_with_problems
from kliento.interfaces.api.scanning import answered_scans
from kliento.interfaces.api.schemas import (
    BlockList,
    ClaimCode,
    ClaimCodeFor,
    Member,
    MemberQuestion,
    Paired,
    Pairing,
    Problem,
    Redemption,
    Reversal,
    ScanAnswers,
    Scans,
    Stamps,
)
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.limits import Limit, address_of, spend
from kliento.web.versions import known_version, versioned_answer

PAIRINGS = Limit("api.pairing", times=20, window_seconds=60)


class TerminalSecret(HttpBearer):
    """A terminal shows who it is. Unknown and revoked secrets are answered alike."""

    def __init__(self, look: Callable[[str], TerminalActor] = terminal_actor) -> None:
        super().__init__()
        self._look = look

    def authenticate(self, request: HttpRequest, token: str) -> TerminalActor | None:
        """The terminal, or None."""
        try:
            return self._look(token)
        except NotFound:
            return None


class KlientoAPI(NinjaAPI):
    """Ninja's API with problem details in its description as they are sent."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """OpenAPI 3.1, with `application/problem+json` where a problem is the answer."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {"application/problem+json": response["content"]["application/json"]}
        return schema


def _problems(*statuses: int) -> dict[int, type[Problem]]:
    return dict.fromkeys((400, *statuses, 413, 415), Problem)


api = KlientoAPI(
    title="Kliento",
    version="1",
    description="For terminals of approved third parties. Errors are RFC 9457 problem details with a stable `code`.",
    docs_url=None,
    urls_namespace="api",
)
answer_with_problems(api)


@api.post(
    "/terminals",
    operation_id="pairTerminal",
    summary="Turn a device into a terminal",
    response={201: Paired, **_problems(429)},
)
def post_terminal(request: HttpRequest, pairing: Pairing) -> Status[dict[str, object]]:
    """Spends a one-time pairing code. The secret in the answer is shown this once."""
    spend(PAIRINGS, address_of(request))
    terminal, secret = pair_terminal(pairing.code, name=pairing.name, at=now())
    place = place_of(terminal_actor(secret))
    return Status(
        201,
        {
            "terminal_id": terminal.id,
            "secret": secret,
            "code_key": b64encode(public_code_key()).decode(),
            "sealing_key": b64encode(public_sealing_key()).decode(),
            "premises": place.premises,
            "third_party": place.third_party,
        },
    )


@api.post(
    "/scans",
    operation_id="recordScans",
    summary="Record one scan or up to 500",
    auth=TerminalSecret(let_in),
    response={200: ScanAnswers, **_problems(401, 409, 429, 503)},
)
def post_scans(request: HttpRequest, body: Scans) -> HttpResponse:
    """Answered when durable. A scan sent again gets its first answer; `try_later` was not recorded: send it again.

    A scan that cannot be taken in is `invalid` and says why, the others stand; when none stands, that is a problem.
    """
    try:
        content = answered_scans(body, secret=bearer_of(request.headers.get("Authorization", "")))
    except NotFound:
        raise AuthenticationError from None
    return HttpResponse(content, content_type="application/json; charset=utf-8")


@api.get(
    "/block-list",
    operation_id="readBlockList",
    summary="What to refuse without a network",
    auth=TerminalSecret(),
    response={200: BlockList, 304: None, **_problems(401)},
)
def get_block_list(request: HttpRequest) -> HttpResponse:
    """Send the `ETag` of the list you have as `If-None-Match`: 304 while it is the newest."""
    terminal: TerminalActor = request.auth  # type: ignore[attr-defined]
    version, handed = hand_out_block_list(known_version(request), by=terminal, at=now())
    return versioned_answer(version, handed.document() if handed else None)


@api.post(
    "/redemptions",
    operation_id="redeemReward",
    summary="Hand out a reward for stamps",
    auth=TerminalSecret(),
    response={200: Stamps, **_problems(401, 403, 404, 409)},
)
def post_redemption(request: HttpRequest, redemption: Redemption) -> StampsView:
    """Spends the stamps, durably, before it answers; of two tills at once exactly one wins, the other gets 409."""
    terminal: TerminalActor = request.auth  # type: ignore[attr-defined]
    return redeem_at_till(redemption.visit_id, redemption.id, by=terminal, at=now())


@api.post(
    "/reversals",
    operation_id="undoRedemption",
    summary="Undo a redemption within 10 minutes",
    auth=TerminalSecret(),
    response={200: Stamps, **_problems(401, 404, 409)},
)
def post_reversal(request: HttpRequest, reversal: Reversal) -> StampsView:
    """Puts the stamps back. Undoing it again changes nothing."""
    terminal: TerminalActor = request.auth  # type: ignore[attr-defined]
    return undo_redemption(reversal.redemption_id, by=terminal, at=now())


@api.post(
    "/claim-codes",
    operation_id="giveClaimCode",
    summary="Give the holder of an unregistered card a claim code",
    auth=TerminalSecret(),
    response={201: ClaimCode, **_problems(401, 404, 409)},
)
def post_claim_code(request: HttpRequest, wanted: ClaimCodeFor) -> Status[dict[str, object]]:
    """Brings the card's visits and stamps to an account. Only where it was shown in the visit; a newer code ends it."""
    terminal: TerminalActor = request.auth  # type: ignore[attr-defined]
    given = give_claim_code(wanted.visit_id, by=terminal, at=now())
    return Status(201, {"code": given.code, "expires_at": given.expires_at})


@api.get(
    "/members/{number}",
    operation_id="readMember",
    summary="Ask for what a member shares",
    auth=TerminalSecret(),
    response={200: Member, **_problems(401, 403, 404)},
)
def get_member(request: HttpRequest, number: str, question: Query[MemberQuestion]) -> dict[str, object]:
    """Each answer and each refusal is entered in the member's Activity before anything is sent.

    The number of a card without an account is as unknown as any: there is nobody who could share something.
    """
    terminal: TerminalActor = request.auth  # type: ignore[attr-defined]
    relation = relationship_by_number(terminal.third_party_id, number)
    try:
        disclosure = gate.disclose(
            relation.subject_id,
            to=gate.ThirdPartyRecipient.at(terminal),
            purpose=question.purpose,
            fields=_names(question.fields),
            at=now(),
        )
    except NotFound:
        raise NotFound(code="unknown_member") from None
    return {"number": number, "values": disclosure.values, "withheld": disclosure.withheld}


def bearer_of(header: str) -> str:
    """The token in an Authorization header, as ninja reads it; empty where there is none."""
    scheme, *token = header.split(" ")
    return " ".join(token) if scheme.lower() == "bearer" else ""


def _names(fields: str) -> list[str]:
    return [name.strip() for name in fields.split(",") if name.strip()]
