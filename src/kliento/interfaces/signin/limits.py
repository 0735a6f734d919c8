"""How often somebody may knock. Counted before anything is looked up, so a limit says nothing about who is known."""

from kliento.web.limits import Limit

_QUARTER, _HOUR, _DAY = 15 * 60, 60 * 60, 24 * 60 * 60

# For each network address: enough for a school class behind one, too little for a list of addresses.
LETTERS_FROM = Limit("signin.letters_from", times=30, window_seconds=_HOUR)
CODES_FROM = Limit("signin.codes_from", times=60, window_seconds=_QUARTER)
CLAIM_CODES_FROM = Limit("signin.claim_codes_from", times=60, window_seconds=_QUARTER)
SIGN_INS_FROM = Limit("signin.sign_ins_from", times=60, window_seconds=_QUARTER)
# For each e-mail address, known or not.
LETTERS_TO = Limit("signin.letters_to", times=6, window_seconds=_HOUR)
# Each letter's code may be tried five times: 150 tries a day at a million codes, however patient somebody is.
LETTERS_A_DAY_TO = Limit("signin.letters_a_day_to", times=30, window_seconds=_DAY)
SIGN_INS_TO = Limit("signin.sign_ins_to", times=12, window_seconds=_QUARTER)
# For each account: three codes of an app fit at any time, so fifty tries a day meet one in 6,600 days. Recovery codes,
# which nobody guesses, are not counted here: whoever knows a password and tries keeps nobody out.
APP_CODES_OF = Limit("signin.app_codes_of", times=10, window_seconds=_QUARTER)
APP_CODES_A_DAY_OF = Limit("signin.app_codes_a_day_of", times=50, window_seconds=_DAY)
# For each account: every change of address has a code of its own that may be tried five times.
CHANGES_OF = Limit("signin.changes_of", times=10, window_seconds=_DAY)
