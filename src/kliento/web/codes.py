"""Codes as pictures: QR, and Code 128 for scanners that read bars only. SVG, black on white in any colour scheme."""

import io

import segno

_QUIET = 10  # modules of white on each side of the bars
_START_B = 104
_STOP = 106
# The widths of bars and gaps of each symbol, ISO/IEC 15417.
_WIDTHS = tuple(
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
    122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
    322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
    112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
    331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
    112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
    124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
    411311 113141 114131 311141 411131 211412 211214 211232 2331112
    """.split()  # noqa: SIM905 - 107 quoted strings would hide the table
)


def qr_svg(text: str) -> str:
    """The text as a QR code with its quiet zone, without a size of its own."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False
    )
    return drawn.getvalue().decode()


def bars_svg(text: str) -> str:
    """Printable ASCII text as Code 128 (set B) with its quiet zones; to be stretched."""
    values = [_START_B, *(ord(symbol) - 32 for symbol in text)]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    place, bars = _QUIET, []
    for symbol in (*values, check, _STOP):
        for position, width in enumerate(map(int, _WIDTHS[symbol])):
            if position % 2 == 0:
                bars.append(f"M{place} 0h{width}v40h-{width}z")
            place += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {place + _QUIET} 40" preserveAspectRatio="none">'
        f'<path fill="#fff" d="M0 0h{place + _QUIET}v40H0z"/><path fill="#000" d="{"".join(bars)}"/></svg>'
    )
