"""Print on any terminal: what its encoding cannot hold is written in letters it can, and never ends a command."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from collections.abc import Sequence
from typing import Final

PLAIN: Final = {
    0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'", 0x2013: "-", 0x2014: "-", 0x2212: "-", 0x2026: "...",
    0xD7: "x", 0x2192: "->", 0xB1: "+-",
}  # fmt: skip
"""What typographic marks become where they cannot be printed."""


def make_printable(arguments: Sequence[str]) -> None:
    """Let standard output and error take any character, whatever the terminal's encoding.

    Parameters
    ----------
    arguments
        Of the command line: with `--json`, escapes keep the output JSON and nothing is lost.
    """
    codecs.register_error("asylia_json", _escaped)
    codecs.register_error("asylia_text", _plain)
    errors = "asylia_json" if "--json" in arguments else "asylia_text"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not where it is captured or closed
            stream.reconfigure(errors=errors)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    text, end = _wrong(error)
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[k : k + 4]}" for k in range(0, len(units), 4)), end


def _plain(error: UnicodeError) -> tuple[str, int]:
    text, end = _wrong(error)
    letters = unicodedata.normalize("NFKD", text.translate(PLAIN)).encode("ascii", "ignore").decode()
    return letters or "?", end


def _wrong(error: UnicodeError) -> tuple[str, int]:
    """Return the characters that cannot be encoded, and where the text goes on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end], error.end
