"""Lines and columns, worked out a second time and differently."""

import re
from itertools import accumulate


def line_starts(text):
    return [0] + [match.end() for match in re.finditer("\r\n|\r|\n", text)]


def index(text, line, column, encoding="utf-16-le"):
    """The character at a place; columns count the encoding's units, and a byte order mark counts for nothing."""
    unit = 2 if encoding == "utf-16-le" else 1
    start = line_starts(text)[line - 1]
    if start == 0 and text.startswith("\ufeff"):
        start = 1
    widths = accumulate((len(c.encode(encoding)) // unit for c in text[start:]), initial=0)
    for at, width in enumerate(widths, start):
        if width == column - 1:
            return at
    raise ValueError(f"no character begins at {line}:{column}")


def at_offset(text, offset):
    """The character at a byte."""
    at = len(text.encode()[:offset].decode())
    return max(at, 1) if text.startswith("\ufeff") else at
