"""The partners' door: the same pages under /sign-in/partner/. Registering is by invitation here."""

from django.urls import path

from kliento.interfaces.signin.urls import shared
from kliento.interfaces.signin.views import joining

app_name = "signin"
urlpatterns = [
    *shared,
    path("join", joining.join, name="join"),
    path("join/new", joining.join_anew_by_password, name="join_anew"),
    path("join/passkey/question", joining.passkey_question, name="join_question"),
    path("join/passkey", joining.join_anew_by_passkey, name="join_passkey"),
    path("join/<slug:token>", joining.follow_link, name="join_by_link"),
]
