"""Exact splits of whole persons: the true inverse of the binomial distribution, at a cost that ignores n.

`binomial_quantile(people, share, luck)` is the smallest k with P(at most k) >= luck. It grows with the luck, with
the people and with the share, so two plans that share their luck differ only where the plans differ.

Three ways, chosen by the variance, all exact up to the rounding of the distribution function (about 1e-13):

- small variance: add up probabilities from 0;
- else a Cornish-Fisher expansion to the fourth order, with the correction for whole numbers, gives the real number
  of which k is the next whole one. Its error has a known bound, so k is certain unless that real number lies
  closer than that to a whole one. No distribution function is needed then;
- where there is doubt, the distribution function is anchored at the guess and walked person by person. The anchor
  is the sum of the nearer tail, or, where that would be long, the uniform expansion of the incomplete beta function.

Sources: C. Loader (2000), Fast and accurate computation of binomial probabilities (saddle point form of the
probability); A. DiDonato and A. Morris (1992), ACM Transactions on Mathematical Software 18, 360-373, section 9 (the
expansion for large parameters); P. Acklam (2003), rational approximation of the normal quantile;
M. Abramowitz and I. Stegun (1964), 26.2.49 (Cornish-Fisher) and 6.1.41 (Stirling).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.kernels import allocating

FEW = 6.0
"""Variance below which probabilities are added up from zero."""
FAR_OUT = 4.0
"""Standard deviations beyond which the guess is always checked."""
SHORT_TAIL = 400.0
"""Variance below which the nearer tail is summed term by term."""
NEAR = 0.2
"""Largest relative distance from the mean at which the expansion keeps its digits."""
TERMS = 14
_ONE_OVER = np.array([0.0] + [1.0 / k for k in range(1, 513)])


@njit(cache=True)
def binomial_quantile(people: int, share: float, luck: float) -> int:
    """Return the smallest k with P(at most k of `people` each with `share`) >= luck.

    Parameters
    ----------
    people
        Whole persons, 0 or more, up to 2**53.
    share
        Chance of each, 0 to 1; outside is taken as the nearer end.
    luck
        Above 0 and below 1.

    Returns
    -------
    int64, from 0 to `people`.
    """
    if people <= 0 or share <= 0.0:
        return 0
    if share >= 1.0:
        return people
    if share > 0.5:
        return _upper_half(people, share, luck)
    if luck <= 1.0 - people * share:
        return 0
    variance = people * share * (1.0 - share)
    if variance <= FEW:
        return _add_up(people, share, math.exp(people * math.log1p(-share)), luck)
    above = 1.0 - luck
    return _from_normal(people, share, variance, luck, above, _normal_quantile(luck, above))


@njit(cache=True)
def quantile_with_help(people: int, share: float, log_rest: float, luck: float, normal: float) -> int:
    """Do as `binomial_quantile`, with what serves many draws worked out beforehand. The same bytes.

    Parameters
    ----------
    log_rest
        log(1 - share).
    normal
        `normal_quantile(luck)`; not looked at where the share is above a half or the variance is not above `FEW`.
    """
    if people <= 0 or share <= 0.0:
        return 0
    if share > 0.5:
        return _upper_half(people, share, luck)
    if luck <= 1.0 - people * share:
        return 0
    variance = people * share * (1.0 - share)
    if variance <= FEW:
        return _add_up(people, share, math.exp(people * log_rest), luck)
    return _from_normal(people, share, variance, luck, 1.0 - luck, normal)


@njit(cache=True)
def normal_quantile(luck: float) -> float:
    """Turn luck into standard deviations, to a relative error of 1.2e-9."""
    return _normal_quantile(luck, 1.0 - luck)


@njit(cache=True)
def split(
    people: int, weights: NDArray[np.float64], lucks: NDArray[np.float64], out: NDArray[np.int64]
) -> int:
    """Split people over options in proportion to weights: a multinomial by conditional binomials.

    Parameters
    ----------
    weights
        float64 (option,), 0 or more.
    lucks
        float64 (option,), one number above 0 and below 1 for each option, keyed to the option.
    out
        int64 (option,), filled with whole persons; adds up to `people` unless every weight is 0.

    Returns
    -------
    People left over: 0, or everybody if every weight is 0.
    """
    last = -1
    for option in range(weights.size):
        out[option] = 0
        if weights[option] > 0.0:
            last = option
    left = people
    for option in range(last + 1):
        if left == 0:
            break
        if weights[option] <= 0.0:
            continue
        if option == last:
            out[option] = left
        else:
            rest = 0.0
            for later in range(option, last + 1):
                rest += max(weights[later], 0.0)
            out[option] = binomial_quantile(left, weights[option] / rest, lucks[option])
        left -= out[option]
    return left


@njit(cache=True)
def _upper_half(people: int, share: float, luck: float) -> int:
    """For a share above a half: seen from the other side, where "above" takes the place of "at least"."""
    # one step up, because of that
    below, above = np.nextafter(1.0 - luck, 2.0), np.nextafter(luck, 0.0)
    other = 1.0 - share
    variance = people * other * (1.0 - other)
    if variance <= FEW:
        return people - _add_up(people, other, math.exp(people * math.log(share)), below)
    return people - _from_normal(people, other, variance, below, above, _normal_quantile(below, above))


@njit(cache=True)
def _from_normal(people: int, share: float, variance: float, luck: float, above: float, z: float) -> int:
    """For a share of at most a half; `above` is 1 - luck with all its digits, `z` the normal quantile of the luck."""
    real, doubt = real_quantile(people * share, variance, share, z)
    k = math.ceil(real)
    if abs(z) < FAR_OUT and k - real > doubt and real - (k - 1) > doubt:
        return int(k)
    return _walk(people, share, min(max(int(k), 0), people), luck, above)


@njit(cache=True)
def _add_up(people: int, share: float, nobody: float, luck: float) -> int:
    below = nobody
    if luck <= below:
        return 0
    chance = nobody
    odds = share / (1.0 - share)
    mean = people * share
    k = 0
    while k < people:
        k += 1
        step = _ONE_OVER[k] if k <= 512 else 1.0 / k
        chance *= (people - k + 1) * odds * step
        before = below
        below += chance
        if luck <= below or (below == before and k > mean):
            return k
    return k


# inlined, so that it serves several plans at once too: see `core.binomial_lanes`
@njit(cache=True, inline="always")
def real_quantile(mean: float, variance: float, share: float, z: float) -> tuple[float, float]:
    """Cornish-Fisher to the fourth order for the smooth function through the steps, and how far it may be off.

    The doubt is three times the worst seen for variances of 6 and more, plus what the normal quantile adds.
    """
    square = variance - 1.0 / 12.0
    spread = math.sqrt(square)
    over = 1.0 / square
    lean = 1.0 - 2.0 * share
    pq = share * (1.0 - share)
    third = variance * lean * spread * over * over
    fourth = (variance * (1.0 - 6.0 * pq) + 1.0 / 120.0) * over * over
    fifth = third * (1.0 - 12.0 * pq) * over
    z2 = z * z
    z4 = z2 * z2
    moved = z + third * (z2 - 1.0) * (1 / 6)
    moved += fourth * z * (z2 - 3.0) * (1 / 24) - third * third * z * (2.0 * z2 - 5.0) * (1 / 36)
    moved += fifth * (z4 - 6.0 * z2 + 3.0) * (1 / 120) - third * fourth * (z4 - 5.0 * z2 + 2.0) * (1 / 24)
    moved += third * third * third * (12.0 * z4 - 53.0 * z2 + 17.0) * (1 / 324)
    doubt = 0.02 * (1.0 + z4 * abs(z)) * over * over * spread + 1e-8 * spread
    return mean + spread * moved - 0.5, doubt


@njit(cache=True)
def _normal_quantile(luck: float, above: float) -> float:
    """Acklam's approximation, relative error 1.2e-9."""
    tail = min(luck, above)
    if tail > 0.02425:
        x = luck - 0.5
        r = x * x
        top = -3.969683028665376e01 * r + 2.209460984245205e02
        top = ((top * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r - 3.066479806614716e01
        low = -5.447609879822406e01 * r + 1.615858368580409e02
        low = ((low * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r - 1.328068155288572e01
        return (top * r + 2.506628277459239e00) * x / (low * r + 1.0)
    x = math.sqrt(-2.0 * math.log(tail))
    top = -7.784894002430293e-03 * x - 3.223964580411365e-01
    top = ((top * x - 2.400758277161838e00) * x - 2.549732539343734e00) * x + 4.374664141464968e00
    low = 7.784695709041462e-03 * x + 3.224671290700398e-01
    low = (low * x + 2.445134137142996e00) * x + 3.754408661907416e00
    z = (top * x + 2.938163982698783e00) / (low * x + 1.0)
    return z if luck < 0.5 else -z


@njit(cache=True)
def _walk(people: int, share: float, k: int, luck: float, above: float) -> int:
    """Anchor the distribution at k on the nearer tail, then walk to the answer."""
    chance = _chance(people, share, k)
    odds = share / (1.0 - share)
    if k + 1 <= (people + 1) * share:
        have = _lower_tail(people, share, k, chance)
    else:
        more = _upper_tail(people, share, k, chance)
        if above < 0.5:  # compare what is above, which keeps its digits
            return _walk_above(people, k, chance, odds, more, above)
        have = 1.0 - more
    if have >= luck:
        while k > 0 and have - chance >= luck:
            have -= chance
            chance *= k / ((people - k + 1) * odds)
            k -= 1
        return k
    while k < people and have < luck:
        k += 1
        chance *= (people - k + 1) * odds / k
        have += chance
    return k


@njit(cache=True)
def _walk_above(people: int, k: int, chance: float, odds: float, above: float, need: float) -> int:
    if above <= need:
        while k > 0 and above + chance <= need:
            above += chance
            chance *= k / ((people - k + 1) * odds)
            k -= 1
        return k
    while k < people and above > need:
        k += 1
        chance *= (people - k + 1) * odds / k
        above -= chance
    return k


@njit(cache=True)
def _lower_tail(people: int, share: float, k: int, chance: float) -> float:
    """P(at most k), for k below the mean."""
    mean = people * share
    if mean * (1.0 - share) < SHORT_TAIL or mean - k > NEAR * mean:
        total, term, back = chance, chance, (1.0 - share) / share
        while k > 0 and term > 1e-17 * total:
            term *= k * back / (people - k + 1)
            total += term
            k -= 1
        return total
    return _expansion(float(people - k), float(k + 1), (people + 1) * share - (k + 1))


@njit(cache=True)
def _upper_tail(people: int, share: float, k: int, chance: float) -> float:
    """P(more than k), for k above the mean."""
    mean = people * share
    if mean * (1.0 - share) < SHORT_TAIL or k - mean > NEAR * mean:
        total, term, odds = 0.0, chance, share / (1.0 - share)
        while k < people and term > 1e-17 * total:
            term *= (people - k) * odds / (k + 1)
            total += term
            k += 1
        return total
    return _expansion(float(k + 1), float(people - k), (k + 1) - (people + 1) * share)


@njit(cache=True)
def _chance(people: int, share: float, k: int) -> float:
    """P(exactly k), in Loader's saddle point form."""
    if k == 0:
        return math.exp(people * math.log1p(-share))
    if k == people:
        return math.exp(people * math.log(share))
    n, x, y = float(people), float(k), float(people - k)
    gap = x - n * share
    exponent = _stirling_rest(n) - _stirling_rest(x) - _stirling_rest(y)
    exponent -= x * _log_gap(-gap / x) + y * _log_gap(gap / y)
    return math.exp(exponent) * math.sqrt(n / (2.0 * math.pi * x * y))


@njit(cache=True)
def _log_gap(x: float) -> float:
    """Return x - log(1 + x) with its digits where x is small."""
    if abs(x) > 0.1:
        return x - math.log1p(x)
    ratio = x / (2.0 + x)
    square = ratio * ratio
    series = 2.0 * square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square * (1 / 9 + square / 11))))
    return ratio * (x - series)


@njit(cache=True)
def _stirling_rest(x: float) -> float:
    """Return log(x!) less Stirling's formula."""
    if x < 16.0:
        return math.lgamma(x + 1.0) - (x + 0.5) * math.log(x) + x - 0.5 * math.log(2.0 * math.pi)
    inverse = 1.0 / (x * x)
    return (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x


@njit(cache=True)
def _expansion(a: float, b: float, gap: float) -> float:
    """Regularised incomplete beta I_x(a, b) for large a and b, with gap = a - (a + b) x >= 0 and small."""
    small, large = min(a, b), max(a, b)
    h = small / large
    r0 = 1.0 / (1.0 + h)
    r1 = (b - a) / large
    scale = 1.0 / math.sqrt(small * (1.0 + h))
    f = a * _log_gap(-gap / a) + b * _log_gap(gap / b)
    total = _expansion_sum(math.sqrt(f), f, h, r0, r1, scale)
    rest = _stirling_rest(a) + _stirling_rest(b) - _stirling_rest(a + b)
    return 2.0 / math.sqrt(math.pi) * math.exp(-f - rest) * total


@allocating
def _expansion_sum(root: float, f: float, h: float, r0: float, r1: float, scale: float) -> float:
    first, second, c, d = np.empty(TERMS), np.empty(TERMS), np.empty(TERMS), np.empty(TERMS)
    e1 = 2.0**-1.5
    first[0] = 2.0 / 3.0 * r1
    c[0] = -0.5 * first[0]
    d[0] = -c[0]
    even = 0.25 * math.sqrt(math.pi) * math.exp(f) * math.erfc(root)
    odd = e1
    total = even + d[0] * scale * odd
    step, power, weight = 1.0, 1.0, scale
    low, high = 0.5 * root / e1, 2.0 * f
    for n in range(2, TERMS, 2):
        power *= h * h
        first[n - 1] = 2.0 * r0 * (1.0 + h * power) / (n + 2.0)
        step += power
        first[n] = 2.0 * r1 * step / (n + 3.0)
        for i in range(n, n + 2):
            _next_coefficient(i, first, second, c, d)
        even = e1 * low + (n - 1.0) * even
        odd = e1 * high + n * odd
        low *= 2.0 * f
        high *= 2.0 * f
        term = d[n - 1] * weight * scale * even + d[n] * weight * scale * scale * odd
        weight *= scale * scale
        total += term
        if abs(term) <= 1e-15 * total:
            break
    return float(total)


@njit(cache=True)
def _next_coefficient(
    i: int,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    c: NDArray[np.float64],
    d: NDArray[np.float64],
) -> None:
    r = -0.5 * (i + 1.0)
    second[0] = r * first[0]
    for m in range(2, i + 1):
        total = 0.0
        for j in range(1, m):
            total += (j * r - (m - j)) * first[j - 1] * second[m - j - 1]
        second[m - 1] = r * first[m - 1] + total / m
    c[i - 1] = second[i - 1] / (i + 1.0)
    total = 0.0
    for j in range(1, i):
        total += d[i - j - 1] * c[j - 1]
    d[i - 1] = -(total + c[i - 1])
