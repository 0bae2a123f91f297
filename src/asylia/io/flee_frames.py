"""The columns and types of the tables of a `Replay`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

REPLAY_FRAMES: Final[Mapping[str, Mapping[str, type[pl.DataType]]]] = {
    "places": {
        "name": pl.String,
        "region": pl.String,
        "country": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "kind": pl.String,
        "onset_day": pl.Int64,
        "population": pl.Int64,
        "capacity": pl.Int64,
    },
    "links": {
        "from": pl.String,
        "to": pl.String,
        "distance_km": pl.Float64,
        "redirection": pl.Int64,
        "max_move_speed": pl.Float64,
        "walk_probability": pl.Float64,
    },
    "closures": {
        "what": pl.String,
        "name1": pl.String,
        "name2": pl.String,
        "start": pl.Int64,
        "end": pl.Int64,
    },
    "corrections": {"camp": pl.String, "date": pl.Date},
    "reports": {"camp": pl.String, "file": pl.String, "date": pl.Date, "people": pl.Int64},
    "totals": {"date": pl.Date, "people": pl.Int64},
    "facts": {"place": pl.String, "name": pl.String, "value": pl.String},
    "makeup": {"value": pl.String, "place": pl.String, "share": pl.Float64},
    "food": {"day": pl.Int64, "region": pl.String, "percent": pl.Float64},
    "floods": {"day": pl.Int64, "place": pl.String, "level": pl.Float64},
    "changes": {"day": pl.Int64, "place": pl.String, "kind": pl.String},
}


def replay_frame(name: str, rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Make a table of a replay from rows whose cells stand in the order of its columns."""
    return pl.DataFrame(list(rows), schema=dict(REPLAY_FRAMES[name]), orient="row", strict=True)
