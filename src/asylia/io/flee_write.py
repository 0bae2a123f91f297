"""Write a recorded conflict as a Flee folder, which the published engine and `read_flee` read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from asylia.io.door import fail
from asylia.io.flee_days import CHANGES, CLOSURES, CONFLICTS, FLOODS, FOOD, NEVER, PERIOD
from asylia.io.flee_keys import CONFLICT, FLOOD, KEYS, Way
from asylia.io.flee_places import LOCATIONS, ROUTES
from asylia.io.flee_read import read_flee
from asylia.io.flee_reports import CORRECTIONS, LAYOUT
from asylia.io.writing import write_files
from asylia.model.case import fingerprint
from asylia.model.replay import NO_CAPACITY, Replay, ReplaySettings

WORDS: Final = {"conflict": "conflict_zone", "forward": "forwarding_hub", "flood": "flood_zone"}
"""Words of the folder for kinds of a replay that Flee calls otherwise."""

TOTAL: Final = ("total", "refugees.csv")


def write_flee(replay: Replay, folder: Path, *, overwrite: bool = False) -> None:
    """Write a Flee folder, whole or not at all: `read_flee` of it gives the same recorded conflict.

    Id and title of a conflict are the name of its folder, so these come back only under that name.

    Parameters
    ----------
    overwrite
        Replace a folder that holds something; other files in it stay.

    Raises
    ------
    CaseError
        If the folder is in the way, or the conflict cannot be said in such a folder; nothing is then written.
    """
    files = {name: text.encode() for name, text in flee_files(replay).items()}
    write_files(files, folder, overwrite=overwrite, check=lambda fresh: _check(replay, fresh))


def flee_files(replay: Replay) -> dict[str, str]:
    """Return the text of every file of a Flee folder, by its path."""
    files = {
        LOCATIONS: _locations(replay),
        ROUTES: _routes(replay),
        CONFLICTS: _conflicts(replay),
        CLOSURES: _sheet(
            ("#closure_type", "name1", "name2", "closure_start", "closure_end"), _closures(replay)
        ),
        CORRECTIONS: _sheet((), [(*row, "normalize") for row in replay.corrections.iter_rows()]),
        PERIOD: _sheet((), [("StartDate", replay.first), ("Length", replay.days)]),
        "simsetting.yml": settings_text(replay.settings),
        **_counts(replay),
    }
    files |= {
        f"input_csv/demographics_{name}.csv": _makeup(name, rows) for name, rows in replay.makeup.items()
    }
    files |= _days(replay)
    return files


def settings_text(settings: ReplaySettings) -> str:
    """Write every setting under its published name, so that defaults of another release do not matter."""
    tree: dict[Way, list[str]] = {}
    for way, key in KEYS.items():
        if key.field and _is_told(way, settings):
            tree.setdefault(way[:-1], []).append(f"{way[-1]}: {_yaml(getattr(settings, key.field))}")
    if settings.spawn_mode == "flood":
        tree[("spawn_rules",)].append("flood_zone_spawning_only: True")
    elif settings.spawn_mode != "reports":
        tree.setdefault(CONFLICT, []).insert(0, f"spawn_mode: {settings.spawn_mode}")
    lines = []
    for section in ("spawn_rules", "move_rules"):
        lines += [f"{section}:", *(f"  {line}" for line in tree[(section,)])]
        for way in (way for way in tree if len(way) > 1 and way[0] == section):
            lines += [f"  {way[1]}:", *(f"    {line}" for line in tree[way])]
    return "\n".join(lines) + "\n"


def _is_told(way: Way, settings: ReplaySettings) -> bool:
    """Leave out empty lists, and sections whose presence alone would change the rules."""
    value = getattr(settings, KEYS[way].field)
    if value == ():
        return False
    if way[:2] == CONFLICT:
        other = value != ReplaySettings().displaced_per_conflict_day
        return settings.spawn_mode not in ("reports", "flood") or (settings.spawn_mode == "flood" and other)
    if way[:2] == FLOOD:
        return settings.spawn_mode == "flood" or value != getattr(ReplaySettings(), KEYS[way].field)
    return True


def _yaml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_cell(item) for item in value)}]"
    return str(value) if isinstance(value, bool | str) else _cell(value)


def _check(replay: Replay, folder: Path) -> None:
    """Read back what was written; raises `CaseError` if anything is not as it was."""
    found = replace(read_flee(folder), id=replay.id, title=replay.title)
    if fingerprint(found) == fingerprint(replace(replay, closures=_never(replay.closures))):
        return
    parts = [
        name
        for name in Replay.__dataclass_fields__
        if fingerprint(getattr(found, name)) != fingerprint(getattr(replay, name))
    ]
    must = f"the conflict can be said in a Flee folder; this does not come back as it was: {', '.join(parts)}"
    raise fail(replay.id, must, "See the page on Flee folders for what they hold.")


def _never(closures: pl.DataFrame) -> pl.DataFrame:
    """Write every end before its start, which never comes, in one way."""
    end = pl.when(pl.col("end") < pl.col("start")).then(NEVER).otherwise(pl.col("end")).alias("end")
    return closures.with_columns(end.cast(pl.Int64))


def _closures(replay: Replay) -> Iterable[Sequence[Any]]:
    return _never(replay.closures).iter_rows()


def _locations(replay: Replay) -> str:
    facts: dict[str, dict[str, str]] = {}
    for place, name, value in replay.facts.iter_rows():
        facts.setdefault(name, {})[place] = value
    columns = (
        "#name",
        "region",
        "country",
        "latitude",
        "longitude",
        "location_type",
        "conflict_date",
        "population",
    )
    rows = []
    for name, region, country, lat, lon, kind, onset, people, room in replay.places.iter_rows():
        number = people if kind not in ("camp", "idpcamp") else room if room != NO_CAPACITY else None
        beyond = [values.get(name) for values in facts.values()]
        rows.append((name, region, country, lat, lon, WORDS.get(kind, kind), onset, number, *beyond))
    return _sheet((*columns, *facts), rows)


def _routes(replay: Replay) -> str:
    beyond = [name for name in ("max_move_speed", "walk_probability") if replay.links[name].count()]
    rows = replay.links.select("from", "to", "distance_km", "redirection", *beyond).iter_rows()
    return _sheet(("#name1", "name2", "distance", "forced_redirection", *beyond), rows)


def _conflicts(replay: Replay) -> str:
    rows = ((day, *line) for day, line in enumerate(replay.intensity.tolist()))
    return _sheet(("#Day", *replay.places["name"]), rows)


def _counts(replay: Replay) -> dict[str, str]:
    """Write the layout and the series it names."""
    by_camp: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    for (camp, file), rows in replay.reports.group_by("camp", "file", maintain_order=True):
        by_camp.setdefault(str(camp), []).append(str(file))
        files[f"source_data/{file}"] = _sheet((), rows.select("date", "people").iter_rows())
    total = TOTAL[1]
    while f"source_data/{total}" in files:
        total = f"total-{total}"
    files[f"source_data/{total}"] = _sheet((), replay.totals.iter_rows())
    layout = [(TOTAL[0], total), *((camp, *names) for camp, names in by_camp.items())]
    return {LAYOUT: _sheet((), layout), **files}


def _days(replay: Replay) -> dict[str, str]:
    """Write what there is of hunger, floods and changes of kind."""
    files = {}
    for file, frame in ((FOOD, replay.food), (FLOODS, replay.floods)):
        if not frame.is_empty():
            files[file] = _table("#Day", frame.iter_rows())
    if not replay.changes.is_empty():
        rows = [(place, WORDS.get(kind, kind), day) for day, place, kind in replay.changes.iter_rows()]
        files[CHANGES[0]] = _sheet(("#name", "location_type", "day"), rows)
    return files


def _makeup(attribute: str, shares: pl.DataFrame) -> str:
    return _table(attribute, shares.select("value", "place", "share").iter_rows())


def _table(corner: str, cells: Iterable[tuple[Any, ...]]) -> str:
    """Write (row, column, value) as a table."""
    rows: dict[Any, dict[str, Any]] = {}
    columns: dict[str, None] = {}
    for row, column, value in cells:
        rows.setdefault(row, {})[column] = value
        columns[column] = None
    body = [(row, *(values.get(column) for column in columns)) for row, values in rows.items()]
    return _sheet((corner, *columns), body)


def _sheet(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
