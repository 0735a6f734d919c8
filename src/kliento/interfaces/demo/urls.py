"""/demo/...: development only."""

from django.urls import URLPattern, URLResolver, path

from kliento.interfaces.demo import mail, phone, views

app_name = "demo"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.demo, name="demo"),
    path("pairing-code", views.pairing_code, name="pairing_code"),
    path("phone", phone.phone, name="phone"),
    path("mail", mail.caught, name="mail"),
]
