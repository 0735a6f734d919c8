"""What two companies got and kept, as somebody would search it who lays both side by side (threat 8).

A hoard knows of each piece of text at whose turn it came. Pieces are compared in every way the same thing can be
written: without case and separators, decoded from hex, base64 and base32, unpacked, hashed.
"""

import base64
import hashlib
import html
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

LEAST = 6
"""Characters, or bytes, from which on something can tell one of a town's people from the others."""
_GAPS = re.compile(r"[\s\"'<>,;()\[\]{}|&?!]+")
_OF_THE_ASKING = {"date", "expires", "last-modified", "x-request-id"}
_WRITTEN = re.compile(r"[^\W_]+")
_JOINED = (re.compile(r"[^\W_]+(?:[-:][^\W_]+)+"), re.compile(r"[^\W_]+(?:[-:._+/=][^\W_]+)+"))
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{12,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_IS_ID = re.compile(r"[0-9a-fA-F-]+|[a-z]+")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_BASE32 = re.compile(r"[A-Z2-7]{13,}")


@dataclass
class Hoard:
    """All that one company got: each piece with the turns at which it came, and where it stood then."""

    turns: dict[str, set[object]] = field(default_factory=lambda: defaultdict(set))
    sources: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _before: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, turn: object, got: Mapping[str, str], *, since: datetime, until: datetime) -> None:
        """Add what came by this turn: whatever stands in a source oftener than when it was looked at last.

        Times between `since` and `until`, and what is good for a day from then, are those of the looking itself.
        """
        for source, text in got.items():
            chunks = Counter(_chunks(text))
            for chunk in chunks - self._before.get(source, Counter()):
                if not _is_between(chunk, since, until):
                    for piece in pieces_of(chunk):
                        self.turns[piece].add(turn)
                        self.sources[piece].add(source)
            self._before[source] = chunks

    def of_one(self) -> dict[str, object]:
        """The pieces that came at one person's turn alone."""
        return {
            piece: next(iter(turns)) for piece, turns in self.turns.items() if len(turns) == 1 and None not in turns
        }


def joined(one: Hoard, other: Hoard, declared: Mapping[object, Iterable[str]]) -> dict[object, dict[str, str]]:
    """Whom the two can tell to be the same, and by what: turn -> piece -> where it stood.

    `declared`: what a person shares with both, and may stand in both.
    """
    shared = {turn: {piece for text in texts for piece in _of_text(text)} for turn, texts in declared.items()}
    here, there = one.of_one(), other.of_one()
    of_pages = _of_our_pages()
    hashed = {h: piece for piece in here for h in _hashes(piece.encode())}
    found: dict[object, dict[str, str]] = defaultdict(dict)
    for piece, turn in there.items():
        same = piece if piece in here else hashed.get(piece)
        if same is None or here[same] != turn or piece in shared.get(turn, ()) or piece in of_pages:
            continue
        found[turn][piece] = f"{sorted(one.sources[same])} and {sorted(other.sources[piece])}"
    return dict(found)


def known_of(hoard: Hoard, ids: Mapping[object, Iterable[UUID]]) -> dict[object, str]:
    """Whose ids, which nobody but the service knows, stand in the hoard in whatever form; and where."""
    found = {}
    for turn, listed in ids.items():
        forms = {piece for one in listed for piece in (*_windows(one.bytes), *_hashes_of_id(one))}
        for piece in forms & hoard.turns.keys():
            found[turn] = f"{piece} in {sorted(hoard.sources[piece])}"
    return found


def text_of(response) -> str:
    """An answer as whoever asked keeps it: headers, cookies, body; files unpacked."""
    headers = [f"{name}: {text}" for name, text in response.items() if name.lower() not in _OF_THE_ASKING]
    cookies = [f"{name} {cookie.value}" for name, cookie in response.cookies.items()]
    body = b"".join(response) if response.streaming else response.content
    return "\n".join([*headers, *cookies, *_unpacked(body)])


def pieces_of(chunk: str) -> frozenset[str]:
    """Everything a chunk could be recognised by."""
    return _pieces(chunk)


@lru_cache(maxsize=200_000)
def _pieces(chunk: str) -> frozenset[str]:
    low = _UUID.sub(lambda found: found[0].replace("-", ""), chunk.casefold())  # its groups mean nothing by themselves
    found = {piece for piece in _WRITTEN.findall(low) if len(piece) >= LEAST}
    for pattern in _JOINED:
        found |= {plain for run in pattern.findall(low) if len(plain := re.sub(r"[\W_]", "", run)) >= LEAST}
    for raw in _decoded(chunk):
        found |= _windows(raw)
    return frozenset(found)


def _decoded(chunk: str) -> Iterator[bytes]:
    plain = _UUID.sub(lambda found: found[0].replace("-", ""), chunk.casefold())
    for run in _HEX.findall(plain):
        raw = bytes.fromhex(run[: len(run) // 2 * 2])
        # Of an id that begins with its time, that alone, and what is mostly chance: the same hour and a few bits that
        # happen to be equal are no trace.
        yield from (raw[:LEAST], raw[4:]) if _tells_its_time(raw) else (raw,)
    # An address is made of words; and an id, whatever word stands before it, was decoded above.
    for run in () if "/" in chunk[:8] else _BASE64.findall(_UUID.sub(" ", chunk)):
        if not _IS_ID.fullmatch(run):
            plain = run.replace("-", "+").replace("_", "/")
            yield base64.b64decode(plain[: len(plain) // 4 * 4])
    for run in _BASE32.findall(chunk):
        yield base64.b32decode(run[: len(run) // 8 * 8])


def _tells_its_time(raw: bytes) -> bool:
    """Whether these bytes are a UUID of version 7."""
    return len(raw) == 16 and raw[6] >> 4 == 7 and raw[8] >> 6 == 2


def _windows(raw: bytes) -> set[str]:
    return {raw[start : start + LEAST].hex() for start in range(len(raw) - LEAST + 1)}


def _hashes(raw: bytes) -> list[str]:
    """The beginnings of what common hashes make of it."""
    return [hashlib.new(name, raw).digest()[:LEAST].hex() for name in ("sha256", "sha1", "md5")]


def _hashes_of_id(one: UUID) -> Iterator[str]:
    for raw in (one.bytes, str(one).encode(), one.hex.encode(), str(one.int).encode()):
        yield from _hashes(raw)


@cache
def _of_our_pages() -> frozenset[str]:
    """What stands in the pages' own sources: a heading that comes with the first row says nothing of whose it is."""
    pages = (Path(__file__).parent.parent / "src" / "kliento").rglob("templates/**/*.html")
    return frozenset(piece for page in pages for piece in _of_text(page.read_text()))


def _of_text(text: str) -> Iterator[str]:
    for chunk in _chunks(text):
        yield from pieces_of(chunk)


def _chunks(text: str) -> list[str]:
    unescaped = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), unquote(html.unescape(text)))
    plain = re.sub(r"(?<=\d)[ \xa0\u202f](?=\d)", "", unescaped)
    return [chunk for chunk in _GAPS.split(plain) if len(chunk) >= LEAST]


def _is_between(chunk: str, since: datetime, until: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(chunk)
    except ValueError:
        return False
    if moment.tzinfo is None:
        return False
    first = since.replace(microsecond=0)
    return any(first <= moment - later <= until for later in (timedelta(), timedelta(days=1)))


def _unpacked(body: bytes) -> list[str]:
    if not body.startswith(b"PK"):
        return [body.decode(errors="replace")]
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return [parts.read(name).decode(errors="replace") for name in parts.namelist()]
