"""One draw of every modifier, the same for every plan of a member; consent and force are not independent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.model.modifiers import CORRELATION, MODIFIERS, Prior

LEAST, MOST = 0.1, 3.0
"""Bounds of the product of all factors on attack (research note, L3)."""
FAMILIES: Final = ("consent", "force", "arms", "threat")
"""Questions whose open answers are drawn."""


def draw_modifiers(priors: Mapping[str, Prior], *, seed: int, member: int) -> Mapping[str, float]:
    """Draw every modifier by name.

    A modifier's luck is keyed by its own name, so another prior for one leaves the others as they are.
    """
    return _modifiers(tuple(priors.items()), seed, member)


# every plan of a member meets the same ones, so the last few are kept
@lru_cache(maxsize=4)
def _modifiers(told: tuple[tuple[str, Prior], ...], seed: int, member: int) -> dict[str, float]:
    priors, names = dict(told), list(MODIFIERS)
    shared = sorted({one.shared for one in MODIFIERS.values() if one.shared})
    ids = stable_ids([*names, *(f"shared:{word}" for word in shared)])
    normal = ndtri(uniforms(seed, int(Stream.THREAT_ZONE), member, 0, ids, 1)[:, 0])
    common = dict(zip(shared, normal[len(names) :], strict=True))
    found = {}
    for name, own in zip(names, normal, strict=False):
        word = MODIFIERS[name].shared
        z = own
        if word:
            z = math.sqrt(CORRELATION) * common[word] + math.sqrt(1.0 - CORRELATION) * own
        found[name] = priors[name].at(float(z))
    return found


def draw_answers(*, seed: int, member: int) -> Mapping[str, float]:
    """Draw the luck with which an open question of each family is answered: all possible answers are as likely."""
    return _answers(seed, member)


@lru_cache(maxsize=4)
def _answers(seed: int, member: int) -> dict[str, float]:
    ids = stable_ids([f"answer:{family}" for family in FAMILIES])
    luck = uniforms(seed, int(Stream.THREAT_ZONE), member, 1, ids, 1)[:, 0]
    return dict(zip(FAMILIES, luck.tolist(), strict=True))


def factor(
    answers: Mapping[str, Sequence[str]], drawn: Mapping[str, float], luck: Mapping[str, float]
) -> float:
    """Multiply the factors on attack of one zone, within `LEAST` and `MOST`.

    Parameters
    ----------
    answers
        By family, the modifiers that may hold; an empty name is no modifier.
    """
    total = 1.0
    for family, names in answers.items():
        name = names[min(int(luck[family] * len(names)), len(names) - 1)]
        total *= drawn[name] if name else 1.0
    return float(np.clip(total, LEAST, MOST))


def ceasefire(months: float, at_first: float, half_life: float) -> float:
    """Give the factor of a ceasefire some months old: m(t) = 1 - (1 - m0) 2^(-t / H); 1 before it begins.

    >>> ceasefire(3.0, 0.5, 3.0)
    0.75
    """
    return 1.0 if months < 0 else 1.0 - (1.0 - at_first) * 0.5 ** (months / half_life)
