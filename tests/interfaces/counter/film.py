"""What a camera sees, for Chromium's fake one: a few frames with a QR code, as YUV4MPEG2."""

from pathlib import Path

import segno

_WIDTH, _HEIGHT = 640, 480
_GREY, _BLACK, _WHITE, _NO_COLOUR = 120, 16, 235, 128
_FRAMES = 4


def film_of(code: str, file: Path) -> None:
    """A phone held still before a grey wall; Chromium shows the film again and again."""
    matrix = [list(row) for row in segno.make(code, micro=False).matrix_iter(scale=6, border=4)]
    left, top = (_WIDTH - len(matrix)) // 2, (_HEIGHT - len(matrix)) // 2
    picture = bytearray([_GREY]) * (_WIDTH * _HEIGHT)
    for number, row in enumerate(matrix, start=top):
        start = number * _WIDTH + left
        picture[start : start + len(row)] = bytes(_BLACK if dark else _WHITE for dark in row)
    frame = b"FRAME\n" + bytes(picture) + bytes([_NO_COLOUR]) * (_WIDTH * _HEIGHT // 2)
    file.write_bytes(f"YUV4MPEG2 W{_WIDTH} H{_HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * _FRAMES)
