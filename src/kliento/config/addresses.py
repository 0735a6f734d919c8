"""The address this instance is reached at. Pure: what the environment says goes in.

Development shows every code and letter to whoever asks (/demo/mail), so it stays on its own machine. One exception: the
machine's own network, over TLS, when somebody said so (KLIENTO_LAN); there the mailbox answers this machine alone.
"""

from ipaddress import IPv4Address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def public_url(given: str, *, lan: str, port: int, production: bool) -> str:
    """The address people open, without a slash at its end. Raises ImproperlyConfigured for one that is not safe."""
    if lan:
        return _lan_url(given, lan=lan, port=port, production=production)
    url = (given or f"http://localhost:{port}").rstrip("/")
    if not production and (url.startswith("https://") or urlsplit(url).hostname not in _THIS_MACHINE):
        raise ImproperlyConfigured(
            f"KLIENTO_URL is {url}, which others may reach, and KLIENTO_ENV is development, which shows every code "
            "at /demo/mail. Set KLIENTO_ENV=production, or KLIENTO_URL to http://localhost:PORT."
        )
    return url


def _lan_url(given: str, *, lan: str, port: int, production: bool) -> str:
    if production:
        raise ImproperlyConfigured("KLIENTO_LAN is for development. In production set KLIENTO_URL.")
    try:
        address = IPv4Address(lan)
    except ValueError:
        address = IPv4Address(0)
    if not address.is_private or address.is_unspecified:
        raise ImproperlyConfigured(
            f"KLIENTO_LAN is {lan}. It takes the IPv4 address of this machine on its own network, like 192.168.1.5; "
            "development never stands on the internet."
        )
    url = f"https://{address}:{port}"
    if given and given.rstrip("/") != url:
        raise ImproperlyConfigured(f"KLIENTO_URL is {given}, and KLIENTO_LAN makes it {url}. Set one of them.")
    return url
