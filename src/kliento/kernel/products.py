"""Numbers of products as shops scan them (GS1: EAN-8, UPC-A, EAN-13, GTIN-14).

Digits, the last of which checks the others.
"""

_LENGTHS = (8, 12, 13, 14)


def is_number(text: str) -> bool:
    """Whether these are the digits of a product's barcode, and the last one fits."""
    if len(text) not in _LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(text[:-1])))
    return (weighed + int(text[-1])) % 10 == 0
