"""Which term of a plan a passage may be about: stems of words, and the words of the case's own terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from asylia.model.actors import Term

MOST: Final = 4
SHORTEST_WORD: Final = 5

TOPICS: Final[dict[str, str]] = {
    "host_consent": r"approv|consent|permission|permit|coordinat\w* (?:\w+ ){0,6}with|coordination|co-ordinat|agrees?\b|"
    r"agreement of|sovereign|authoris|authoriz|invit|decide",
    "administrator": r"administ(?:er|ered|rator)|run by|managed? by|by whom|in charge of|govern(?:ed|ance) ",
    "auspices": r"auspices|\bUN[- ](?:led|run|mandate)|supervis|oversight|under the UN",
    "funding": r"\bpay|\bpaid|fund|financ|money|budget|\bcosts?\b|donor|bankroll",
    "purpose": r"prevent|protect|shelter|refuge\b|instead of|feel secure|stem\w* the|flow abroad|keep displaced|safe havens?|"
    r"best way|regime change|limiting loss|goals",
    "scope": r"on (?:its|Syrian|the) territory|in (?:\w+ )?territory|inside (?:the country|Syria)|across the border|and Yemen",
    "agencies": r"UNHCR|High Commissioner|\bIOM\b|Organi[sz]ation for Migration|Red C(?:ross|rescent)|humanitarian agenc|OCHA",
    "services": r"services|water|sanitation|food|medical|health|humanitarian aid",
    "education": r"school|education|teachers?",
    "duration": r"until|temporar|permanent|interim|as long as|for (?:\w+ )?(?:months|years)|return(?:ed)? to normal",
    "airspace": r"no[- ]fly|air ?space|air strikes?|airstrikes?|air power|overflight|warplanes?",
    "use_of_force": r"intervention|enforce|self[- ]defen[cs]e|use (?:of )?force|confrontation|aggression",
    "ground_force": r"troops|peacekeep|ground forces?|soldiers|boots on the ground|police",
    "legal_basis": r"Security Council|resolutions?|international law|mandate|charter",
    "party_cooperation": r"warring|factions|cease-?fire|all (?:sides|parties)|cooperation it would|parties to the conflict",
    "armed_parties_consent": r"armed groups|rebels|opposition groups|militias?",
    "outside_powers": r"(?:dialog(?:ue)?|talks|work|cooperat\w+) with (?:\w+ ){0,3}(?:US|Washington|Moscow|United States|Russia)|"
    r"(?:American|Russian|US) (?:and|or) |counterparts",
    "consent_covers": r"details|principle|how and by whom",
    "demilitarised": r"demilitari[sz]|disarm|weapons? (?:free|ban)",
    "returns": r"voluntar|repatriat|forced? (?:to )?return|go (?:back )?home|right to return",
    "asylum_open": r"asylum|resettle|into our country|close (?:the|its|their) borders?|take in refugees|refugees from leaving",
    "admits": r"internally displaced|displaced (?:people|persons|Syrians)|admit|entry to the zone",
}
"""Stems by the usual id of a term; a case that has no such term is not offered it."""


def touched(passage: str, terms: Sequence[Term] = ()) -> tuple[str, ...]:
    """Suggest the terms a passage may settle, most hits first; with terms of a case, only those.

    >>> touched("Gulf states will pay for it")
    ('funding',)
    """
    offered = [term.id for term in terms] or list(TOPICS)
    by_id = {term.id: term for term in terms}
    hits = {name: _hits(passage, name, by_id.get(name)) for name in offered}
    ranked = sorted((name for name in offered if hits[name]), key=lambda name: -hits[name])
    return tuple(ranked[:MOST])


def _hits(passage: str, name: str, term: Term | None) -> int:
    found = len(re.findall(TOPICS[name], passage, re.IGNORECASE)) if name in TOPICS else 0
    if term is None or name in TOPICS:
        return found
    words = {word for word in _words((term.name, *term.values)) if len(word) >= SHORTEST_WORD}
    return found + len(words & set(_words([passage])))


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold())]
