"""The partners' door: the same pages under /sign-in/partner/, without registering, for that is by invitation."""

from kliento.interfaces.signin.urls import shared

app_name = "signin"
urlpatterns = [*shared]
