"""What may make a zone safer or less so than the area around it: elicited ranges, each with its reason. No estimates.

Attack: factors on the rate of lethal events at the zone against the area it lies in. Overrun: factors on the rate at which
zones of the past were lost, for a zone that has the mark against one that has not. A case may give its own under
`[modifiers]` in case.toml. All defaults were elicited from the literature in section 2 of the research note on protection; none
was fitted, and none is a finding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Acts = Literal["attack", "overrun", "ceasefire"]
TAIL: Final = 1.6448536269514722
"""95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A factor nobody knows: middle and 90 % range, drawn with a normal logarithm on each side of the middle.

    Parameters
    ----------
    middle, low, high
        50th, 5th and 95th percentile; above 0.
    source, why
        Where it comes from (an id of sources.csv, or empty) and the reason in one sentence.
    """

    middle: float
    low: float
    high: float
    source: str = ""
    why: str = ""

    def at(self, normal: float) -> float:
        """Return the factor at a standard normal draw.

        >>> prior = Prior(middle=1.0, low=0.5, high=4.0)
        >>> [round(prior.at(z), 6) for z in (-TAIL, 0.0, TAIL)]
        [0.5, 1.0, 4.0]
        """
        end = self.high if normal > 0 else self.low
        return self.middle * math.exp(abs(math.log(end / self.middle)) * normal / TAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """One named factor.

    Parameters
    ----------
    shared
        Modifiers with the same word here are not independent evidence: their logarithms are drawn with correlation
        `CORRELATION`. Empty for one that stands alone.
    """

    name: str
    acts: Acts
    doc: str
    default: Prior
    shared: str = ""


CORRELATION: Final = 0.5
"""Of the logarithms of consent and force: three good answers must not multiply to a miracle (research note, L3)."""


def _made(
    name: str, acts: Acts, middle: float, low: float, high: float, doc: str, why: str, shared: str = ""
) -> Modifier:
    return Modifier(
        name=name,
        acts=acts,
        doc=doc,
        shared=shared,
        default=Prior(middle=middle, low=low, high=high, why=why),
    )


_MADE: Final = (
    _made(
        "force_against_others", "attack", 0.5, 0.2, 1.1,
        "Substantial, mandated force with consent, where the main threat is not the state.",
        "Hultman, Kathman and Shannon 2013 and 2014 find large falls in Africa, a re-analysis little; discounted hard.",
        "attack",
    ),
    _made(
        "force_against_the_state", "attack", 0.95, 0.6, 1.5,
        "The same force, where the main threat is the state or its ally.",
        "Fjelde, Hultman and Nilsson 2019: local presence struggles against government forces, as access rests on consent.",
        "attack",
    ),
    _made(
        "light_force", "attack", 1.0, 0.6, 1.8, "A light force, or observers only.",
        "Hultman, Kathman and Shannon 2013: observers go with more civilian deaths, not fewer; direction open.",
        "attack",
    ),
    _made(
        "consent_written", "attack", 0.55, 0.25, 1.1, "Consent of every party able to attack, written and held.",
        "Orchard 2014 and Hyndman 2003: outcomes follow consent; consent is given where a zone costs the parties little.",
        "attack",
    ),
    _made(
        "consent_partial", "attack", 0.9, 0.5, 1.5, "Consent by word of mouth, or of some parties only.",
        "Orchard 2014: hybrids that rest on neither full consent nor force collapsed.", "attack",
    ),
    _made(
        "consent_refused", "attack", 1.5, 0.9, 3.0, "A party able to attack refuses.",
        "Orchard 2014; the Vanni zones and the no-fire declarations of one side.", "attack",
    ),
    _made(
        "demilitarised", "attack", 0.75, 0.4, 1.2, "Demilitarised, and somebody checks.",
        "Fortna 2003: agreements with demilitarised zones last longer, between states.",
    ),
    _made(
        "armed_inside", "attack", 1.4, 0.8, 2.5, "Armed actors inside.",
        "Recchia 2018: zones used as bases draw attack; no effect size.",
    ),
    _made(
        "ceasefire_at_first", "ceasefire", 0.65, 0.3, 1.1, "A ceasefire in force, on its first day.",
        "Williams and others 2021 and Lundgren and others 2023: falls and rises both seen in Syria.",
    ),
    _made(
        "ceasefire_half_life", "ceasefire", 3.0, 1.0, 9.0, "Months after which half of a ceasefire's effect is gone.",
        "ETH/PRIO ceasefires: 87 of 142 in Syria had fixed time frames.",
    ),
    _made(
        "overrun_refused", "overrun", 1.8, 0.9, 4.0, "Refused by an armed party, against consent of all.",
        "Orchard 2014; n = 7 and coded with hindsight.", "overrun",
    ),
    _made(
        "overrun_isolated", "overrun", 2.0, 0.9, 5.0,
        "No land access under friendly or neutral control, against land access.",
        "Srebrenica, Zepa and Eastern Ghouta were enclosed before they fell; no effect size.",
    ),
    _made(
        "overrun_no_force", "overrun", 1.5, 0.8, 3.0, "No credible force, against a credible one.",
        "Orchard 2014; Fortna 2004 and 2008 after ceasefires only.", "overrun",
    ),
    _made(
        "overrun_armed_inside", "overrun", 1.3, 0.7, 2.5, "Armed actors inside, against none.",
        "Recchia 2018; no effect size.",
    ),
    _made(
        "overrun_doubling", "overrun", 1.3, 0.9, 2.0,
        "Each doubling of the area's own event rate over its year before. A fall counts for nothing: quiet is not safety.",
        "Srebrenica's rate was eleven times its own ten days before it fell; one case.",
    ),
)  # fmt: skip

MODIFIERS: Final[dict[str, Modifier]] = {one.name: one for one in _MADE}


def priors(own: Mapping[str, Prior]) -> dict[str, Prior]:
    """Return the prior of every modifier: the case's own where it gives one."""
    return {name: own.get(name, one.default) for name, one in MODIFIERS.items()}
