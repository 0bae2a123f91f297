"""Binomial quantiles of several plans at once: the same share and the same luck, other numbers of people. The same bytes as alone.

Plans that meet one choice together differ little in people. Three things follow:

- where few are chosen, the quantile of the fewest and of the most people is often the same. It grows with the people, so it
  is that of all between, as long as the luck keeps its distance from the steps of the distribution;
- where many are, the expansion of `core.binomial` has no branch, so that several plans go through it at once;
- what is left goes through `core.binomial.quantile_with_help`, plan by plan.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.binomial import (
    FAR_OUT,
    FEW,
    normal_quantile,
    quantile_with_help,
    real_quantile,
)
from asylia.core.kernels import branchless, inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORTH: Final = 3
"""Plans from which on looking at the fewest and the most people first is faster than asking plan by plan."""
APART: Final = 1e-10
"""Least distance of the luck from a step: far more than what adding up can be wrong by (about 1e-13)."""


@inner
def quantiles(  # noqa: C901 -- one way after the other, each with a reason to take the next
    people: Ints, number: int, share: float, log_rest: float, luck: float, out: Ints, guess: Floats
) -> None:
    """Do as `binomial_quantile` for the first `number` of `people`; write to `out`.

    Parameters
    ----------
    share
        Up to 1.
    log_rest
        log(1 - share); not looked at where the share is above a half.
    guess
        float64, scratch, as long as `people`; both a multiple of four where speed counts.
    """
    least, most = people[0], people[0]
    for at in range(1, number):
        least, most = min(least, people[at]), max(most, people[at])
    if share <= 0.0 or most <= 0 or (share <= 0.5 and luck <= 1.0 - most * share):
        _same_for_all(number, 0, out)
        return
    variance, normal = most * share * (1.0 - share), 0.0
    if share <= 0.5 and variance > FEW:
        normal = normal_quantile(luck)
        if abs(normal) < FAR_OUT and least < most:
            # a whole number of fours, as a processor takes them; what stands after the last is never looked at
            _guess(people, min((number + 3) // 4 * 4, people.size), share, normal, guess)
            _take_guesses(people, number, share, log_rest, luck, normal, out, guess)
            return
    elif share <= 0.5 and number >= WORTH and 0 < least < most:
        k = quantile_with_help(most, share, log_rest, luck, normal)
        if _alike(least, most, share, log_rest, luck, k):
            _same_for_all(number, k, out)
            return
    before, found = -1, 0
    for at in range(number):
        if people[at] != before:
            before = people[at]
            found = quantile_with_help(before, share, log_rest, luck, normal)
        out[at] = found


@inner
def _same_for_all(number: int, found: int, out: Ints) -> None:
    for at in range(number):
        out[at] = found


@inner
def _take_guesses(
    people: Ints,
    number: int,
    share: float,
    log_rest: float,
    luck: float,
    normal: float,
    out: Ints,
    guess: Floats,
) -> None:
    for at in range(number):
        if luck <= 1.0 - people[at] * share:
            out[at] = 0
        elif guess[at] >= 0.0:
            out[at] = int(guess[at])
        else:
            out[at] = quantile_with_help(people[at], share, log_rest, luck, normal)


@branchless
def _guess(people: Ints, number: int, share: float, normal: float, out: Floats) -> None:
    """Write the quantile where the expansion is certain of it, and -1 elsewhere."""
    rest = 1.0 - share
    for at in range(number):
        mean = people[at] * share
        variance = mean * rest
        real, doubt = real_quantile(mean, variance, share, normal)
        whole = np.ceil(real)
        certain = (whole - real > doubt) & (real - (whole - 1.0) > doubt) & (variance > FEW)
        out[at] = whole if certain else -1.0


@inner
def _alike(least: int, most: int, share: float, log_rest: float, luck: float, k: int) -> bool:
    """Say whether k, the quantile of the most people, is beyond doubt that of the fewest too, and of all between."""
    if luck > _reached(most, share, log_rest, k) - APART:
        return False
    return k == 0 or (k <= least and luck > _reached(least, share, log_rest, k - 1) + APART)


@inner
def _reached(people: int, share: float, log_rest: float, most: int) -> float:
    """Add up the chances of nobody to `most` people."""
    chance = math.exp(people * log_rest)
    below, odds = chance, share / (1.0 - share)
    for k in range(1, most + 1):
        chance *= (people - k + 1) * odds / k
        below += chance
    return below
