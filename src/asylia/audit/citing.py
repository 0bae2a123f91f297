"""Pointers in one form: a source or a row, then a few words in quotation marks, so that a page can set quotes apart."""

from __future__ import annotations


def cite(where: str, words: str = "") -> str:
    """Point at a source, with a few of its words if there are any.

    >>> cite("survey-2025", "only with our consent")
    'survey-2025: \u201conly with our consent\u201d'
    """
    return (
        f"{where}: \N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}" if words else where
    )


def cite_pointer(pointer: str) -> str:
    """Write a pointer of `stated`, which is `source: words`, in the same form."""
    source, _, words = pointer.partition(": ")
    return cite(source, words)


def cite_aim(source: str, words: str, objective: str) -> str:
    """Point at a declared objective: by its source's words, else by our short form of it, which is no quote."""
    return cite(source, words) if words else f"{objective} ({source})"


def cite_reason(source: str, reason: str) -> str:
    """Point at a reason of ours and the source it rests on; it is no quote."""
    return f"{reason} ({source}, our reading)"
