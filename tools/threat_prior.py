"""Learn from wars: write `src/asylia/data/threat/field_prior.json`, one entry for each war.

Two passes: the fits of each war; then, with the fits of wars on other ground as prior, how the forecasts compare and how
far their mix had to be put right. Scores decide nothing here and nothing is tuned by hand.

    PYTHONPATH=src python tools/threat_prior.py ../shared/data/ged
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from asylia.io.ged import read_ged
from asylia.study.threat_war import War, war_of
from asylia.study.validate_threat import EVERY, HALF_YEAR
from asylia.threat.ahead import Error, error_of, grams_of, pairs_of, roll
from asylia.threat.excite import NAMES, look_back
from asylia.threat.experience import HORIZONS, cells_of, learned, shares_ground
from asylia.threat.recalibrate import broad, fit_line, shares_of, unchanged

OUT = Path(__file__).parent.parent / "src/asylia/data/threat/field_prior.json"
OTHERS = "ged211_prec12_other_countries_1989_2020"
FILES = {
    "syria_2016_2019": "ged_syria_2016-01_2019-11",
    "syria_2011_2015": "ged211_prec12_syria_2004_2020",
    "bosnia_1992_1995": "ged_bosnia_1992_1995_prec125",
    "nigeria": "ged_nigeria_1990_2015",
    "south_sudan": "ged_south_sudan_2011_2015",
    "sudan": "ged_sudan_1989_2021",
    "ukraine": "ged_ukraine_2014_2021",
    "myanmar": "ged_myanmar_1989_2023",
    "central_african_republic": "ged_central_african_republic_1991_2022",
    "afghanistan": "ged211_prec12_afghanistan_1989_2020",
    "dr_congo": "ged211_prec12_dr_congo_1989_2020",
    "somalia": "ged211_prec12_somalia_1989_2020",
    "yemen": "ged211_prec12_yemen_1994_2020",
    "libya": "ged211_prec12_libya_2008_2020",
    "mali": "ged211_prec12_mali_1990_2020",
    "burundi": "ged211_prec12_burundi_1990_2020",
    "croatia_serbia": "ged211_prec12_croatia_serbia_1991_2001",
}
COUNTRIES = {
    "pakistan": "Pakistan",
    "colombia": "Colombia",
    "russia": "Russia (Soviet Union)",
    "algeria": "Algeria",
    "turkey": "Turkey",
    "sierra_leone": "Sierra Leone",
    "angola": "Angola",
    "philippines": "Philippines",
    "lebanon": "Lebanon",
    "uganda": "Uganda",
}
CUT = {"syria_2011_2015": dt.date(2015, 12, 31)}
"""The two Syrian files are different releases; they meet at the new year of 2016."""
SHARE = 0.97
"""The last origins lie before this share of a war's events: a long quiet end of a file teaches little."""
ORIGINS = 20
AHEAD = 13
"""Weeks after the last origin; longer horizons learn only from origins whose weeks are over."""
APART = 2 * EVERY
"""Weeks between origins: the forecasts of neighbouring origins say nearly the same."""


def wars(folder: Path) -> dict[str, War]:
    """Read every war of the lists above."""
    found = {}
    for name, file in FILES.items():
        events = read_ged(folder / f"{file}.csv.gz")
        if name in CUT:
            events = events.filter(pl.col("start") <= CUT[name])
        found[name] = war_of(events, name)
    others = read_ged(folder / f"{OTHERS}.csv.gz")
    for name, country in COUNTRIES.items():
        found[name] = war_of(others.filter(pl.col("country") == country), name)
    return {name: busy(war) for name, war in found.items()}


def busy(war: War) -> War:
    """Keep the weeks up to `SHARE` of the events, and the seven years before that."""
    reached = np.cumsum(war.counts.sum(axis=0))
    end = min(int(np.searchsorted(reached, SHARE * reached[-1])) + 1, war.counts.shape[1])
    begin = max(0, end - 364)
    kept = war.counts[:, begin:end]
    there = np.asarray(kept.any(axis=1), dtype=bool)
    return replace(
        war,
        counts=kept[there],
        without=war.without[:, begin:end][there],
        centres=war.centres[there],
        places=tuple(name for name, one in zip(war.places, there, strict=True) if one),
        first=war.first + dt.timedelta(weeks=begin),
    )


def _lists() -> dict[int, list[Any]]:
    return {weeks: [] for weeks in HORIZONS}


def entry(war: War, lessons: list[dict[str, Any]], step: int) -> dict[str, Any]:
    """Roll over a war with lessons of other ground and return what it teaches at this step."""
    ground = cells_of(war.centres)
    past = look_back(war.counts, war.centres)
    weeks = war.counts.shape[1]
    origins = list(range(weeks - AHEAD, HALF_YEAR - 1, -APART))[:ORIGINS][::-1]
    if step == 0:
        origins = [origins[int(i)] for i in np.linspace(len(origins) // 3, len(origins) - 1, 4)]
    use = learned([one for one in lessons if not shares_ground(one["cells"], ground)])
    thetas: list[Any] = []
    regressed, grams, errors, pairs = (_lists() for _ in range(4))
    for fit, steps, made in roll(past, war.places, origins, use, first_week=war.first.toordinal() // 7):
        thetas.append(fit.theta)
        for one in made:
            regressed[one.weeks].append(steps[one.weeks].theta)
            if one.origin + one.weeks > weeks:
                continue
            came = war.counts[:, one.origin : one.origin + one.weeks].sum(axis=1)
            known = past.seen[:, one.origin - 1]
            grams[one.weeks].append(grams_of(one, past, came, known))
            taught = errors[one.weeks][-1].end if errors[one.weeks] else 0
            errors[one.weeks].append(error_of(one.mixed[known], came[known], taught, one))
            pairs[one.weeks].append(pairs_of(one.curves[known], came[known]))
    told = {"name": war.name, "cells": sorted(ground), "events": int(war.counts.sum())}
    if step == 0:
        told["theta"] = np.round(np.median(thetas, axis=0), 4).tolist()
        told["regressed"] = {str(h): np.round(np.median(regressed[h], axis=0), 4).tolist() for h in HORIZONS}
    if step == 1:
        told["stack"] = {str(h): np.round(np.mean(grams[h], axis=0), 5).tolist() for h in HORIZONS}
        told["pairs"] = {str(h): np.round(np.sum(pairs[h], axis=0), 4).tolist() for h in HORIZONS}
        told["recalibration"] = {str(h): _put_right(errors[h]) for h in HORIZONS}
    return told


def _put_right(errors: list[Error]) -> dict[str, Any]:
    """Say what would have put the forecasts of a war right, all its errors counting alike but for their overlaps."""
    usual = unchanged()
    weigh = np.repeat([one.new for one in errors], [len(one.chance) for one in errors])
    chance, happened = (
        np.concatenate([getattr(one, name) for one in errors]) for name in ("chance", "happened")
    )
    tallies = np.sum([one.new * one.tallies for one in errors], axis=0)
    return {
        "line": np.round(fit_line(chance, happened, usual.line, broad(), weigh), 4).tolist(),
        "shares": np.round(shares_of(tallies, usual.shares), 5).tolist(),
    }


def main(folder: Path) -> None:
    """Make both passes and write the file."""
    found = wars(folder)
    lessons: list[dict[str, Any]] = []
    for step in range(2):
        fresh = []
        for war in found.values():
            fresh.append(entry(war, lessons, step))
            print(step, war.name, war.counts.shape, int(war.counts.sum()), flush=True)
        lessons = fresh if not lessons else [old | new for old, new in zip(lessons, fresh, strict=True)]
    about = (
        "Made by tools/threat_prior.py from UCDP GED (CC BY 4.0); facts and aggregates only, no event rows."
    )
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in lessons)
    OUT.write_text(f'{{"about":{json.dumps(about)},"theta":{json.dumps(NAMES)},"wars":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]))
