"""What became of agreements of the past: counts with their interval, never a forecast of this one."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from asylia.core.intervals import jeffreys

FEWEST: Final = 5
"""Below this many agreements no share is given."""
ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRate:
    """How many agreements of one kind came to one end.

    Parameters
    ----------
    group
        Short name: all, ceasefire, peacekeeping, return, ...
    k, n
        Agreements that came to it, of how many.
    low, high
        90 % Jeffreys interval of the share; `None` below `FEWEST` agreements.
    caution
        What a reader must know before using the share.
    """

    group: str
    words: str
    outcome: str
    outcome_words: str
    k: int
    n: int
    low: float | None
    high: float | None
    caution: str
    source: str

    @property
    def text(self) -> str:
        """Say it in one line, as whole percentages."""
        head = f"{self.words}: {self.k} of {self.n} {self.outcome_words}"
        if self.low is None or self.high is None:
            return f"{head}. Too few for a share."
        return f"{head} ({self.k / self.n:.0%}, 90 % interval {self.low:.0%} to {self.high:.0%})."


def read_past_rates() -> tuple[PastRate, ...]:
    """Read the counts that ship with Asylia. Source: UCDP Peace Agreement Dataset 2.0, 1975 to 2011."""
    table = files("asylia") / "data" / "consent" / "base_rates.json"
    data = json.loads(table.read_text(encoding="utf-8"))
    return tuple(
        _rate(row, data["outcomes"][row["outcome"]], str(data["caution"]), str(data["source"]))
        for row in data["rates"]
    )


def similar(provisions: Collection[str] = ()) -> tuple[PastRate, ...]:
    """Take the counts of all agreements, and of those with the provisions named."""
    wanted = {ALL, *provisions}
    return tuple(rate for rate in read_past_rates() if rate.group in wanted)


def _rate(row: dict[str, object], outcome: str, caution: str, source: str) -> PastRate:
    k, n = int(str(row["k"])), int(str(row["n"]))
    low, high = jeffreys(k, n) if n >= FEWEST else (None, None)
    return PastRate(
        group=str(row["group"]),
        words=str(row["words"]),
        outcome=str(row["outcome"]),
        outcome_words=outcome,
        k=k,
        n=n,
        low=low,
        high=high,
        caution=f"{caution} {row['caution']}".strip(),
        source=source,
    )
