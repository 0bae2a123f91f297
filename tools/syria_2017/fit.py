"""Fit departures and returns to the recorded movements of the case, and keep the result for `build.py`.

Run after `build.py` when events or people change, then run `build.py` once more: `python tools/syria_2017/fit.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

from build import CASE

from asylia.io.folder import read_case
from asylia.move.departures import fit

FITTED = Path(__file__).parent / "tables" / "fitted.json"
SOURCE = "asylia-fit"


def main() -> None:
    """Fit, keep the rules in tables/fitted.json, and print them."""
    fitted = fit(read_case(CASE))
    kept = {
        name: {
            "low": float(f"{number.low:.4g}"),
            "high": float(f"{number.high:.4g}"),
            "shape": str(number.shape),
            "source": SOURCE,
            "evidence": str(number.evidence),
            "why": number.why,
        }
        for name, number in sorted(fitted.rules.items())
    }
    FITTED.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, fields in kept.items():
        print(f"{name}: {fields['low']} to {fields['high']}. {fields['why']}")


if __name__ == "__main__":
    main()
