"""How errors look on the terminal and as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import typer

from asylia.core.errors import AsyliaError, CaseError

MOST_SHOWN = 200
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters of a user's file that would steer the terminal."""


def error_text(error: AsyliaError, most: int = MOST_SHOWN) -> str:
    r"""Write an error for the terminal: one problem a line, grouped by file.

    >>> error_text(AsyliaError("a\x1b[2Jb"))
    'a\ufffd[2Jb'
    """
    if not isinstance(error, CaseError):
        return CONTROL.sub("\ufffd", str(error))
    lines = [str(problem) for problem in error.problems[:most]]
    left = Counter(problem.file for problem in error.problems[most:])
    lines += [f"{file}  {count:,} more problems, not shown." for file, count in left.items()]
    files = len({problem.file for problem in error.problems})
    count = len(error.problems)
    problems = f"{count:,} problem{'s' if count != 1 else ''} in {files} file{'s' if files != 1 else ''}."
    return CONTROL.sub("\ufffd", "\n".join([*lines, f"{problems} Nothing was run and nothing was written."]))


@contextmanager
def told_as_json(as_json: bool) -> Iterator[None]:
    """End an error of the user's with its problems as JSON, where JSON was asked for."""
    try:
        yield
    except CaseError as error:
        if not as_json:
            raise
        typer.echo(error_json(error))
        raise typer.Exit(2) from error


def tell_notes(notes: Iterable[str]) -> None:
    """Print notes beside the result, on stderr."""
    for note in notes:
        typer.echo(CONTROL.sub("\ufffd", f"Note: {note}"), err=True)


def error_json(error: CaseError) -> str:
    """Write every problem as JSON."""
    problems = [asdict(problem) for problem in error.problems]
    return json.dumps({"ok": False, "problems": problems}, indent=2, ensure_ascii=False)
