"""Learn forecasts from recorded conflicts and write forecast.csv and assimilation.csv of src/asylia/data/fitted.

Run: .venv/bin/python tools/fit_forecast.py ../shared/data/flee_conflicts/*/
About a minute of one core; the same folders give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from asylia.io.flee import read_flee
from asylia.study.assimilate import ROW_DAYS, fit_joined, guide_of, write_joined
from asylia.study.forecast_file import write_learned
from asylia.study.forecast_fit import leave_one_out
from asylia.study.forecast_known import pasts

HOME = Path(__file__).resolve().parents[1] / "src" / "asylia" / "data" / "fitted"


def main(folders: list[str]) -> None:
    """Learn from the folders and write the file."""
    pool = pasts([read_flee(Path(folder)) for folder in folders])
    HOME.mkdir(exist_ok=True)
    (HOME / "forecast.csv").write_text(write_learned(leave_one_out(pool)), encoding="utf-8")
    pairs = {past.key: (past.observed, guide_of(past.replay, past.observed)) for past in pool}
    joined = {
        key: fit_joined([pair for other, pair in pairs.items() if other != key], ROW_DAYS)
        for key in ("", *pairs)
    }
    (HOME / "assimilation.csv").write_text(write_joined(joined), encoding="utf-8")
    print(f"Learned from {len(pool)} conflicts.")


if __name__ == "__main__":
    main(sys.argv[1:])
