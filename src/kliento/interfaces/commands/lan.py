"""`--lan`: development on the machine's own network, over TLS with a certificate of its own, for a real phone.

Runs before Django is set up: the settings take what is chosen here from KLIENTO_LAN.
"""

import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_OWN = "own"
_LASTS = timedelta(days=365)  # phones refuse certificates that last longer than 398 days
_RENEWED_BEFORE_ITS_END = timedelta(days=7)
_ELSEWHERE = ("192.0.2.1", 9)  # an address for documentation; nothing is sent there


def add_option(parser: ArgumentParser) -> None:
    """`--lan [ADDRESS]`."""
    parser.add_argument(
        "--lan",
        nargs="?",
        const=_OWN,
        metavar="ADDRESS",
        help="development only: serve HTTPS on this machine's own network too, so that a real phone can be the phone; "
        "prints a QR code for it. ADDRESS: this machine's IPv4 address there, if it has several",
    )


def choose(arguments: Sequence[str]) -> None:
    """Put the address that `--lan` names, or this machine's own, where the settings look for it."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    add_option(parser)
    chosen = parser.parse_known_args(arguments)[0].lan
    if chosen:
        os.environ["KLIENTO_LAN"] = own_address() if chosen == _OWN else chosen


def own_address() -> str:
    """The address this machine has towards the world outside. Ends the program where there is none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_ELSEWHERE)
            return str(probe.getsockname()[0])
    except OSError:
        sys.exit("kliento: this machine is on no network. Name its address: --lan 192.168.1.5")


def certificate(folder: Path, address: str, *, at: datetime) -> tuple[Path, Path]:
    """Certificate and key for this address and this machine's own names, kept in `folder` for as long as they fit."""
    paths = folder / "certificate.pem", folder / "key.pem"
    if not all(path.exists() for path in paths) or not _fits(paths[0], address, at=at):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(*paths, address, at=at)
    return paths


def _fits(path: Path, address: str, *, at: datetime) -> bool:
    made = x509.load_pem_x509_certificate(path.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    in_time = made.not_valid_before_utc <= at < made.not_valid_after_utc - _RENEWED_BEFORE_ITS_END
    return in_time and ip_address(address) in names.get_values_for_type(x509.IPAddress)


def _make(path: Path, key_path: Path, address: str, *, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Kliento development at {address}")])
    names = [x509.IPAddress(IPv4Address(each)) for each in dict.fromkeys([address, "127.0.0.1"])]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _LASTS)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_path.touch(mode=0o600)
    key_path.write_bytes(secret)
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def greet(url: str, *, port: int) -> None:
    """Where to go: on this machine, and on the phone by its camera."""
    print(f"On this machine: https://localhost:{port}/demo/ (the demo's mail answers only there)")
    print(f"On a phone in the same network: {url}/demo/phone")
    segno.make(f"{url}/demo/phone", error="m").terminal(out=sys.stdout, compact=True)
    print("The certificate is this machine's own, so each browser warns once.")
    print("Passkeys and offline use need a host that the browser trusts.", flush=True)
