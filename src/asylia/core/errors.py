"""The errors of Asylia, and what a good one carries.

::

    AsyliaError
    ├─ CaseError      the case folder is wrong; carries every Problem, not the first
    ├─ PlanError      the plan cannot stand on this case
    ├─ SitingError    no plan exists, and which constraint to loosen
    ├─ PluginError    a named thing is missing, or breaks its contract
    └─ RunError       an invariant broke: our bug

Every message has three parts: where, what must hold, how to mend. The command line prints an
`AsyliaError` without a traceback and exits with 2, save a `RunError`, which is ours and exits with 1.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong with a user's file.

    Parameters
    ----------
    file
        Path inside the case folder, as the user would type it.
    row
        Line in the file, counted from 1 with the header as line 1; `None` for the whole file.
    column
        Column or key; empty for the whole row or file.
    value
        What was found, as written.
    must
        What has to hold.
    mend
        How to put it right.
    """

    file: str
    must: str
    mend: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Say where, what was found, what must hold and how to mend it, on one line.

        >>> print(Problem(file="routes.csv", row=14, column="distance_km", value="-12",
        ...               must="a distance is more than 0 km", mend="Was the minus a dash?"))
        routes.csv:14  distance_km = "-12": a distance is more than 0 km. Was the minus a dash?
        """
        where = self.file if self.row is None else f"{self.file}:{self.row}"
        what = f'{self.column} = "{_shorten(self.value)}": ' if self.column else ""
        return f"{where}  {what}{self.must}. {self.mend}".rstrip()


class AsyliaError(Exception):
    """Whatever Asylia raises on purpose."""


class CaseError(AsyliaError):
    """The case folder is wrong. Carries every problem found, in file and row order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.row or 0, p.column, p.must)))
        super().__init__(_list(self.problems))


class PlanError(CaseError):
    """A plan cannot stand on this case. Carries every problem found."""


class SitingError(AsyliaError):
    """No plan exists within the limits; the message names the constraint to loosen."""


class PluginError(AsyliaError):
    """A named thing is missing or breaks its contract."""


class RunError(AsyliaError):
    """An invariant broke inside Asylia: our bug, not the user's."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Suggest what a misspelt name may have been.

    >>> nearest("Harbor", ["Harbour", "Mill"])
    'Did you mean "Harbour"?'
    >>> nearest("xyz", ["Harbour"])
    ''
    """
    known = sorted(set(names))
    folded = {known_name.casefold(): known_name for known_name in known}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=2, cutoff=0.6)
    return "Did you mean " + " or ".join(f'"{folded[c]}"' for c in close) + "?" if close else ""


def _shorten(value: str, most: int = 60) -> str:
    flat = " ".join(value.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _list(problems: Sequence[Problem]) -> str:
    files = len({problem.file for problem in problems})
    lines = [str(problem) for problem in problems]
    count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
    lines.append(f"{count} in {files} file{'s' if files != 1 else ''}. Nothing was run.")
    return "\n".join(lines)
