"""The parameters of the fitted rules: what each means, and what was believed before the fit, with the source."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Scale = Literal["plain", "log", "logit"]


class Parameter(NamedTuple):
    """One parameter: `middle` on its own scale; `spread` is one standard deviation of its plain, log or logit value."""

    name: str
    scale: Scale
    middle: float
    spread: float
    means: str
    source: str


PARAMETERS: Final = (
    Parameter("nearness", "log", 0.75, 0.4, "power with which the pull of a camp falls with the way to it",
              "distance_power of the published settings of Flee (0.75; default 1); proximity counts (Echevarria and Gardeazabal 2016)"),
    Parameter("origin_size", "plain", 0.5, 0.3, "power of the population of a place where people flee from",
              "1 in Flee; half of it, since not everybody in a large place is as near to the fighting: a guess, and wide"),
    Parameter("reach", "logit", 0.5, 1.0, "1: every place sends its people, however far the camps; 0: places near camps send more",
              "Wilson (1971): production-constrained (1) and unconstrained (0) gravity; undecided"),
    Parameter("half_life", "log", 120.0, 0.7, "days of fighting after which a place sends half as many",
              "conflict_spawn_decay of the published settings: full for 90 days, half to 120, then a tenth"),
    Parameter("nest", "logit", 0.6, 0.8, "1: every camp counts; 0: a country with many camps draws no more than one with one",
              "McFadden (1978): dissimilarity of a nested logit lies between 0 and 1"),
    Parameter("size", "plain", 1.0, 0.3, "power of the number of places that a destination stands for",
              "McFadden (1978): 1 where a destination stands for several of the same kind"),
    Parameter("income", "plain", 0.3, 0.2, "power of the income per head of the host country",
              "Beine and others (2020), refugees in Turkey: income at the destination draws; the size is a guess, and wide"),
    Parameter("network", "log", 0.3, 0.3, "power of the share of people who are already there",
              "Beine and others (2020), refugees in Turkey: networks draw; the size is a guess, and not fitted (see LEARNED)"),
    Parameter("leak", "logit", 0.1, 1.0, "share of the pull that a closed border leaves",
              "0 in Flee; a tenth, since closed borders are crossed all the same: a guess, and wide"),
    Parameter("capacity", "plain", 1.0, 0.3, "power of the stated capacity, where capacities are used",
              "McFadden (1978): 1 where a destination holds that many places"),
)  # fmt: skip
SPREADS: Final = ("country_spread", "camp_spread", "time_spread")
"""Standard deviations of the log pull of countries, of camps, and of camps between parts of the time: what is not known."""
SPREAD_PRIORS: Final = ((2.0, 0.25), (2.0, 0.5), (2.0, 0.1))
"""Shape and scale of the inverse gamma prior of each variance: weak, about a factor of 1.6, 2 and 1.4."""
NAMES: Final = tuple(one.name for one in PARAMETERS)
COUNT: Final = len(PARAMETERS)
MIDDLE: Final[NDArray[np.float64]] = np.array([one.middle for one in PARAMETERS])
SPREAD: Final[NDArray[np.float64]] = np.array([one.spread for one in PARAMETERS])
FAR: Final = 5.0
LEARNED: Final = np.array([float(one.name != "network") for one in PARAMETERS])
"""1 where the fit learns a parameter. People who draw people look the same as camps that draw people for a reason nobody
wrote down (Heckman 1981: state dependence and heterogeneity); few conflicts cannot tell them apart, so the network keeps
its prior."""
_LOG: Final = np.array([one.scale == "log" for one in PARAMETERS])
_LOGIT: Final = np.array([one.scale == "logit" for one in PARAMETERS])


def to_natural(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn values in standard deviations from the middle of the prior into natural ones, float64 (..., parameter).

    Beyond `FAR` standard deviations nothing changes any more, so that powers neither overflow nor vanish.
    """
    on_scale = _scaled(MIDDLE) + SPREAD * np.clip(values, -FAR, FAR)
    logit = 1 / (1 + np.exp(-on_scale))
    return np.where(_LOG, np.exp(on_scale), np.where(_LOGIT, logit, on_scale))


@njit(cache=True)
def fill_natural(values: NDArray[np.float64], found: NDArray[np.float64]) -> None:
    """Fill the natural values of one row, as `to_natural` does, in compiled loops."""
    for number in range(values.size):
        value = _ON_SCALE[number] + SPREAD[number] * min(max(values[number], -FAR), FAR)
        if _LOG[number]:
            value = math.exp(value)
        elif _LOGIT[number]:
            value = 1 / (1 + math.exp(-value))
        found[number] = value


def _scaled(natural: NDArray[np.float64]) -> NDArray[np.float64]:
    logs = np.log(np.where(_LOG, natural, 1.0))
    logits = np.where(_LOGIT, natural, 0.5)
    return np.where(_LOG, logs, np.where(_LOGIT, np.log(logits / (1 - logits)), natural))


_ON_SCALE: Final = _scaled(MIDDLE)
