"""The door of the person's pages. The partners' is `partner_urls.py`; both share most pages, under equal names."""

from django.urls import URLPattern, path

from kliento.interfaces.signin.views import (
    addresses,
    claiming,
    factors,
    language,
    registering,
    resetting,
    security,
    signing_in,
)

app_name = "signin"
shared: list[URLPattern] = [
    path("", signing_in.sign_in, name="sign_in"),
    path("passkey/question", signing_in.passkey_question, name="sign_in_question"),
    path("passkey", signing_in.sign_in_with_passkey, name="sign_in_passkey"),
    path("second", factors.second, name="sign_in_second"),
    path("recovery", signing_in.sign_in_with_recovery_code, name="sign_in_recovery"),
    path("out", signing_in.sign_out, name="sign_out"),
    path("language", language.language, name="language"),
    path("reset/", resetting.reset, name="reset"),
    path("reset/code", resetting.code, name="reset_code"),
    path("reset/password", resetting.password, name="reset_password"),
    path("security/", security.security, name="sessions"),
    path("security/other-sessions", security.end_other_sessions, name="end_other_sessions"),
    path("security/address", addresses.address, name="address"),
    path("security/address/code", addresses.code, name="address_code"),
    path("security/address/removal", addresses.removal, name="address_removal"),
    path("address/<slug:token>", addresses.revert, name="revert_address"),
    path("security/sessions/<slug:session_id>/end", security.end_session, name="end_session"),
    path("security/password", security.password, name="password"),
    path("security/password/removal", security.password_removal, name="password_removal"),
    path("security/authenticator", factors.authenticator, name="authenticator"),
    path("security/authenticator/new", factors.authenticator_new, name="authenticator_new"),
    path("security/authenticator.svg", factors.authenticator_picture, name="authenticator_picture"),
    path("security/authenticator/off", factors.authenticator_off, name="authenticator_off"),
    path("security/recovery-codes", factors.recovery_codes, name="recovery_codes"),
    path("security/passkeys/new", security.new_passkey, name="new_passkey"),
    path("security/passkeys/question", security.passkey_question, name="passkey_question"),
    path("security/passkeys/<uuid:passkey_id>/removal", security.remove_passkey, name="remove_passkey"),
]
urlpatterns = [
    *shared,
    path("register/", registering.register, name="register"),
    path("register/claim", claiming.register_claim, name="register_claim"),
    path("register/code", registering.code, name="register_code"),
    path("register/age", registering.age, name="register_age"),
    path("register/terms", registering.terms, name="register_terms"),
    path("register/secret", registering.secret, name="register_secret"),
    path("register/passkey/question", registering.passkey_question, name="register_question"),
    path("register/passkey", registering.passkey, name="register_passkey"),
]
