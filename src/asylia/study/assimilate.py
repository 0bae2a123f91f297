"""Take in the counts of a conflict's first days, and split the later days' known totals over the camps.

People counted by the last of these days stay where they are, in proportion, while the total holds; those who come later go
by where people went in the last of these days and by where the fitted rules send newcomers. Three parameters say how the
two are joined; they are fitted on other conflicts, and so is the spread of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.model.replay import Observed, Replay
from asylia.move.flee.observed import observe
from asylia.study.fitted import newcomer_shares
from asylia.study.forecast_known import key_of

ROW_DAYS: Final = 30
"""Days that were taken in when the parameters were fitted."""
GUIDE_DRAWS: Final = 40
RECENT_DAYS: Final = 10
START: Final = (-1.0, -0.3, 0.5)
PULL: Final = 0.002
"""How much a step of 1 from `START` costs while fitting, as an error."""
STEP: Final = 5
SPREADS: Final = (0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0, 2.5)
TRIAL_MEMBERS: Final = 60
COLUMNS: Final = ("left_out", "floor", "recent", "guided", "spread")

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """How recent arrivals and the guide are joined.

    Parameters
    ----------
    floor
        Logarithm of the even part that is added to each camp's share of the recent arrivals.
    recent
        Logarithm of the power of that share.
    guided
        Power of the guide's share.
    spread
        Standard deviation of the logarithm of a camp's share of newcomers, between draws.
    """

    floor: float
    recent: float
    guided: float
    spread: float = 0.0


def assimilate(
    observed: Observed, guide: Table, days: int, joined: Joined, *, luck: Table | None = None
) -> Table:
    """Split each day's total over the camps, float64 (day, camp); each day adds up to its total.

    Parameters
    ----------
    observed
        Of the days after `days` only the totals are read.
    guide
        float64 (day, camp), shares of each day's newcomers.
    days
        The last day that is taken in; days up to it are as recorded.
    luck
        float64 (camp,), a factor of each camp's share of newcomers; 1 if not given.
    """
    people, totals = observed.people.astype(np.float64), observed.people.sum(axis=1).astype(np.float64)
    last = min(days, len(people) - 1)
    share = _even(people[last])
    weights = _newcomers(people[: last + 1], guide, joined)
    mix = weights if luck is None else _rows(weights * luck)
    stay = np.minimum(totals, totals[last])[:, None]
    found = stay * share + (totals[:, None] - stay) * mix
    found[: last + 1] = people[: last + 1]
    return np.asarray(found, dtype=np.float64)


def guide_of(replay: Replay, observed: Observed) -> Table:
    """Return where the fitted rules send each day's newcomers, float64 (day, camp): fitted without this conflict."""
    return np.asarray(
        newcomer_shares(replay, observed, draws=GUIDE_DRAWS, seed=1).mean(axis=0), dtype=np.float64
    )


def members(
    observed: Observed, guide: Table, days: int, joined: Joined, *, seed: int, numbers: Sequence[int]
) -> NDArray[np.int64]:
    """Draw splits in whole persons, int64 (member, day, camp); each day adds up to its total."""
    ids = stable_ids(list(observed.camps))
    totals = observed.people.sum(axis=1)
    found = []
    for number in numbers:
        normal = ndtri(uniforms(seed, int(Stream.FORECAST), number, days, ids, 1)[:, 0])
        split = assimilate(observed, guide, days, joined, luck=np.exp(joined.spread * normal))
        found.append(_whole(split, totals))
    return np.stack(found)


def assimilated(replay: Replay, days: int, *, seed: int, numbers: Sequence[int]) -> NDArray[np.int64]:
    """Draw splits of a recorded conflict after its first days, int64 (member, day, camp): fitted without this conflict."""
    observed, learned = observe(replay), read_joined()
    joined = learned.get(key_of(replay, observed.camps), learned[""])
    return members(observed, guide_of(replay, observed), days, joined, seed=seed, numbers=numbers)


def fit_joined(pool: Sequence[tuple[Observed, Table]], days: int) -> Joined:
    """Fit the parameters on conflicts: the least mean error, and the spread whose 90 % ranges hold closest to 90 %."""
    start = np.array(START)

    def error(values: Table) -> float:
        joined = Joined(floor=values[0], recent=values[1], guided=values[2])
        own = [_error(observed, guide, days, joined) for observed, guide in pool]
        return float(np.mean(own) + PULL * np.mean((values - start) ** 2))

    best = minimize(
        error, start, method="Nelder-Mead", options={"maxiter": 200, "xatol": 0.03, "fatol": 2e-4}
    ).x
    plain = Joined(floor=float(best[0]), recent=float(best[1]), guided=float(best[2]))
    trials = [_with(plain, spread) for spread in SPREADS]
    gaps = [abs(float(np.mean([_held(*one, days, trial) for one in pool])) - 0.9) for trial in trials]
    return trials[int(np.argmin(gaps))]


def write_joined(joined: Mapping[str, Joined]) -> str:
    """Return the text of the file that ships, made by tools/fit_forecast.py."""
    rows = [(key, one.floor, one.recent, one.guided, one.spread) for key, one in joined.items()]
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row").write_csv(float_precision=6)


def read_joined() -> dict[str, Joined]:
    """Return what ships, by the key of the conflict that was left out; an empty key for none."""
    text = (files("asylia") / "data" / "fitted" / "assimilation.csv").read_bytes()
    frame = pl.read_csv(text, schema_overrides={"left_out": pl.String}).with_columns(
        pl.col("left_out").fill_null("")
    )
    return {
        str(row[0]): Joined(floor=row[1], recent=row[2], guided=row[3], spread=row[4]) for row in frame.rows()
    }


def _newcomers(seen: Table, guide: Table, joined: Joined) -> Table:
    recent = np.maximum(seen[-1] - seen[max(len(seen) - 1 - RECENT_DAYS, 0)], 0.0)
    near = _even(recent) if recent.sum() > 0 else _even(seen[-1])
    base = np.exp(joined.floor) / len(near) + near
    return _rows(base ** np.exp(joined.recent) * np.maximum(guide, 1e-6) ** joined.guided)


def _with(joined: Joined, spread: float) -> Joined:
    return Joined(floor=joined.floor, recent=joined.recent, guided=joined.guided, spread=spread)


def _error(observed: Observed, guide: Table, days: int, joined: Joined) -> float:
    gaps = np.abs(assimilate(observed, guide, days, joined) - observed.people)[::STEP].sum(axis=1)
    return float((gaps / np.maximum(observed.people.sum(axis=1)[::STEP], 1)).mean())


def _held(observed: Observed, guide: Table, days: int, joined: Joined) -> float:
    thin = Observed(camps=observed.camps, people=observed.people, newcomers=observed.newcomers)
    drawn = members(thin, guide, days, joined, seed=0, numbers=range(TRIAL_MEMBERS))[:, days + 1 :: STEP]
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    came = observed.people[days + 1 :: STEP]
    return float(((low <= came) & (came <= high)).mean()) if came.size else 0.9


def _even(people: Table) -> Table:
    total = people.sum()
    return np.asarray(people / total if total > 0 else np.full(len(people), 1.0 / len(people)))


def _rows(weights: Table) -> Table:
    sums = weights.sum(axis=1, keepdims=True)
    even = np.full(weights.shape, 1.0 / weights.shape[1])
    return np.asarray(np.divide(weights, sums, out=even, where=sums > 0), dtype=np.float64)


def _whole(split: Table, totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round to whole persons by largest remainder, so that each day keeps its total."""
    whole = np.floor(split).astype(np.int64)
    missing = totals - whole.sum(axis=1)
    order = np.argsort(whole - split, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return np.asarray(whole + (rank < missing[:, None]), dtype=np.int64)
