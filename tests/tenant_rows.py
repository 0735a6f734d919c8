"""What each address answers to somebody of another company who sends the first one's ids (threat 7).

A row that is not "not found" says why. `test_threats_7_two_tenants` asks every address of the URL table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OWN, EVERYBODY = "one's own company alone", "the same for everybody, whoever asks"
OFFERED = "offered to anybody: what is asked or offered is public, what somebody answered is not"
SCREEN = "the till's own screen, which says that it is not known"
CARD = "a card is its holder's: shown at this till, it is a visit here and nowhere else"
HOLDER = "whoever holds the mailed link may look at what it invites to"
BEARER = "whoever holds a claim code holds the card; it does not take the place of a card of somebody else"
TAKEN = "a chip is one person's: whose it is, and how it stands, is one answer to everybody"


@dataclass(frozen=True)
class Row:
    """What somebody of the other company gets who sends the first one's ids."""

    get: int = 405
    post: int = 405
    body: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def own(get: int = 200, post: int = 405, **body: str) -> Row:
    """A page without an id: it shows and changes what is one's own."""
    return Row(get, post, body, OWN)


PORTAL = {
    "partner:start": own(302),
    "partner:workplaces": Row(200, 404, {"company": "{third_party_id}"}),
    "partner:today": own(),
    "partner:visits": own(),
    "partner:visits_csv": own(),
    "partner:visits_xlsx": own(),
    "partner:members": own(),
    "partner:members_csv": own(405, 200),
    "partner:members_xlsx": own(405, 200),
    "partner:member": Row(404),
    "partner:ask_member": Row(404, 404, {"question": "{question_id}"}),
    "partner:questions": own(),
    "partner:new_question": own(200, 400),
    "partner:question": Row(404),
    "partner:close_question": Row(post=404),
    "partner:notices": own(),
    "partner:confirm_notice": Row(post=404, body={"notice": "{notice_id}"}),
    "partner:take_back_notice": Row(post=404, body={"notice": "{notice_id}"}),
    "partner:programme": own(),
    "partner:new_programme": own(200, 400),
    "partner:change_programme": own(200, 400),
    "partner:close_programme": own(405, 302),
    "partner:premises": own(),
    "partner:add_premises": own(200, 302, name="Keskusta"),
    "partner:rename_premises": Row(404, 404, {"name": "Ours"}),
    "partner:pairing": Row(404, 404),
    "partner:counting": Row(404, 404, {"counts": "stays"}),
    "partner:demands": own(200, 302, identify="rotating", redeem="rotating"),
    "partner:pins": own(200, 400, wanted="yes"),
    "partner:pin": own(200, 302, pin="4071", again="4071"),
    "partner:terminals": own(),
    "partner:revoke_terminal": Row(404, 404),
    "partner:team": own(),
    "partner:invite": own(200, 302, email="somebody@example.fi", role="till"),
    "partner:withdraw_invitation": Row(post=404),
    "partner:role": Row(404, 404, {"role": "till"}),
    "partner:end_operator": Row(404, 404),
    "partner:name": own(200, 302, name="Reijo"),
    "partner:audit": own(),
    "partner:claims": own(),
    "partner:undo_claim": Row(post=404),
    "partner:blank_cards": own(200, 302, size="1", language="fi", form="0198c0de-0000-7000-8000-000000000001"),
    "partner:blank_page": Row(404),
    "partner:blank_pdf": Row(404),
    "partner:close": own(200, 200),
}
TILL = {
    "counter:till": own(200, 400),
    "counter:pair": own(200, 200),
    "counter:settings": own(200, 302),
    "counter:block_list": own(),
    "counter:unlock": own(302, 302),
    "counter:end_shift": own(405, 302),
    "counter:places": Row(200, 404, {"premises_id": "{premises_id}"}),
    "counter:keypad": own(200, 200),
    "counter:redeem": Row(post=200, body={"visit_id": "{visit_id}", "redemption_id": "{new}"}, why=SCREEN),
    "counter:undo": Row(post=200, body={"redemption_id": "{new}"}, why=SCREEN),
    "counter:undo_scan": Row(post=200, body={"scan_id": "{scan_id}"}, why=SCREEN),
    "counter:ask": Row(post=200, body={"question_id": "{question_id}", "member_number": "{number}"}, why=SCREEN),
    "counter:questions": own(),
    "counter:question": Row(404),
    "counter:claim_code": Row(post=200, body={"visit_id": "{unclaimed_visit_id}"}, why=SCREEN),
    "counter:use_card": Row(post=200, body={"code": "{uid}"}, why=CARD),
    "counter:scans": Row(post=200, body={"scans": "{sealed_scans}"}, why=CARD),
    "counter:state": own(),
    "counter:manifest": Row(200, why=EVERYBODY),
    "counter:service_worker": Row(200, why=EVERYBODY),
    "counter:shell": Row(200, why=EVERYBODY),
}
API = {
    "api:openapi-json": Row(200, why=EVERYBODY),
    "api:api-root": Row(404, 404, why=EVERYBODY),
    "api:post_terminal": Row(post=400, body={"code": "AAAA-AAAA-AAAA", "name": "Till"}),
    "api:post_scans": Row(post=200, why=CARD),
    "api:post_redemption": Row(post=404, body={"id": "{new}", "visit_id": "{visit_id}"}),
    "api:post_reversal": Row(post=404, body={"redemption_id": "{new}"}),
    "api:post_claim_code": Row(post=404, body={"visit_id": "{unclaimed_visit_id}"}),
    "api:get_block_list": own(),
    "api:get_member": Row(404),
}
_RELATION = "one's own relationship with a company anybody may choose"
PERSON = {
    "person:manifest": Row(200, why=EVERYBODY),
    "person:service_worker": Row(200, why=EVERYBODY),
    "person:card_shell": Row(200, why=EVERYBODY),
    "person:card": own(),
    "person:latest": own(),
    "person:codes": own(),
    "person:card_number": own(200),
    "person:show_number": own(405, 200),
    "person:use_again": own(405, 302),
    "person:wallet": own(),
    "person:loyalty_card": Row(200, why=OFFERED),
    "person:take_into_use": Row(post=400, why=OFFERED),
    "person:put_out_of_use": Row(post=302, why=_RELATION),
    "person:activity": own(),
    "person:activity_file": own(405, 400),
    "person:entry": Row(404),
    "person:proof": Row(404),
    "person:stop_from_entry": Row(post=404),
    "person:not_me": Row(404, 404),
    "person:disputed": Row(404),
    "person:me": own(),
    "person:details": own(),
    "person:field": own(200, 200),
    "person:special": Row(404, 404, why=EVERYBODY),
    "person:withdrawal": Row(405, 400, why=EVERYBODY),
    "person:removal": own(405, 302),
    "person:hiding": own(405, 404),
    "person:showing": own(405, 404),
    "person:question": Row(200, 400, why=OFFERED),
    "person:answer": Row(200, why=OFFERED),
    "person:special_answer": Row(404, 404, why=EVERYBODY),
    "person:question_ending": Row(post=302, why=OFFERED),
    "person:seen": own(),
    "person:sharing": own(),
    "person:default_set": own(200, 302),
    "person:company": Row(200, why=_RELATION),
    "person:pausing": Row(post=404),
    "person:resuming": Row(post=404),
    "person:stopping": Row(post=302, why=_RELATION),
    "person:outdated_ending": Row(post=302, why=_RELATION),
    "person:special_visits": Row(404, 404, why=EVERYBODY),
    "person:visits_withdrawal": Row(post=302, why=_RELATION),
    "person:grant": Row(post=302, body={"wording": "{sharing_words}"}, why=_RELATION),
    "person:special_grant": Row(404, 404, why=EVERYBODY),
    "person:grant_end": Row(200, 302, why=_RELATION),
    "person:ending": Row(post=302, why=_RELATION),
    "person:purposes": own(),
    "person:objection": Row(post=404, why=EVERYBODY),
    "person:objection_ending": Row(post=404, why=EVERYBODY),
    "person:restriction": own(405, 302),
    "person:restriction_lifting": own(405, 302),
    "person:choices": own(),
    "person:asked_again": own(302),
    "person:explicit_withdrawal": own(405, 302),
    "person:receipt": Row(404),
    "person:choice": Row(post=404, why=EVERYBODY),
    "person:messages": own(),
    "person:alert_letters": own(405, 302),
    "person:alert_letters_ending": own(405, 302),
    "person:message": Row(404),
    "person:message_removal": Row(post=404),
    "person:feedback": own(200, 200),
    "person:feedback_removal": own(405, 302),
    "person:download": own(200, 200),
    "person:paper": own(),
    "person:print_card": own(405, 200),
    "person:card_pdf": own(405, 200),
    "person:carriers": own(),
    "person:add_carrier": Row(200, 400, {"kind": "nfc", "code": "{uid}"}, TAKEN),
    "person:carrier": Row(404, 404, {"name": "Mine"}),
    "person:block_carrier": Row(post=404),
    "person:use_carrier": Row(post=404),
    "person:replace_number": Row(post=404),
    "person:remove_carrier": Row(post=404),
    "person:claim": Row(200, 400, {"code": "{claim_code}", "way": "{medium_id}"}, BEARER),
    "person:waiting": own(302, 302),
    "person:claims": own(),
    "person:undo_claim": Row(post=404),
    "person:lost": own(),
    "person:found": Row(post=404),
    "person:block_card": own(405, 302),
    "person:close": own(200, 400),
    "person:closed": Row(200, why=EVERYBODY),
}
# Doors are for whoever stands at them: what they answer before one is in is promised under threats 5, 6 and 21.
DOORS = {
    "language_as_before": EVERYBODY,
    "signin:register*": "",
    "signin:reset*": "",
    "signin:sign_*": "",
    "signin:revert*": HOLDER,
    "signin:*": "signed in: one's own sign-in",
    "partner_signin:reset*": "",
    "partner_signin:sign_*": "",
    "partner_signin:join*": HOLDER,
    "partner_signin:revert*": HOLDER,
    "partner_signin:*": "signed in: one's own sign-in",
}
BY_ID = {
    "signin:remove_passkey": Row(post=404),
    "partner_signin:remove_passkey": Row(post=404),
    "signin:end_session": Row(post=404),
    "partner_signin:end_session": Row(post=404),
}
PUBLIC = {"alive", "ready", "public:*"}
DEMO = {"demo:*"}  # development only, and over data made up for it
ROWS = PORTAL | TILL | API | PERSON | BY_ID
