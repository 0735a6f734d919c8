"""/demo/...: development only."""

from django.urls import URLPattern, URLResolver, path

from kliento.interfaces.demo import mail

app_name = "demo"
urlpatterns: list[URLPattern | URLResolver] = [path("mail", mail.caught, name="mail")]
