"""Score every model of displacement on recorded conflicts and write what came out as a page of the docs.

    .venv/bin/python tools/validation_page.py FOLDER... [--outflow MOVEMENTS EVENTS] [--write]

Runs `asylia validate displacement`, `forecast` and `outflow` with their own defaults (seed 1), and prints the page; --write puts it
into docs/explanation/validation.md. Every conflict stands there with its worst camp. Nothing is chosen: what the commands say is what
is written.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "validation.md"
DISPLACEMENT: Mapping[str, tuple[str, ...]] = {
    "capacities off": ("--rules", "asylia", "--capacities", "off"),
    "capacities on": ("--rules", "asylia", "--capacities", "on"),
    "30 days taken in": ("--rules", "asylia", "--assimilate-days", "30"),
    "published rules, off": ("--rules", "flee", "--capacities", "off"),
    "published rules, on": ("--rules", "flee", "--capacities", "on"),
}
HORIZONS = ("30", "90", "180")
HEAD = """# What the models of displacement got right and wrong

This page is written by `python tools/validation_page.py FOLDERS --outflow MOVEMENTS EVENTS --write` on the recorded conflicts that we hold, seed 1. Rules were fitted
without the conflict they are scored on, except the published rules of Flee, which were not fitted by us. The structure of our rules and some priors were
chosen while looking at these eight conflicts ([fitted rules](fitted-rules.md), [forecasts](forecasts.md) say which), so a conflict nobody has seen will
score worse. Lower is better; 0 is exact, and the error of a split ends at 2.
"""
PEER = """Shares of day 30, and the peer: both split the total of the damped trend. The peer (the published rules of Flee, capacities off) cannot forecast, since it wants each later
day's total; it is run from day 0 to the origin, and its split is held from there.
"""


def ask(*words: str) -> dict[str, Any]:
    """Run one `asylia validate` and return its JSON."""
    command = [sys.executable, "-m", "asylia", "validate", *words, "--json"]
    # our own program with the words of this file and the folders the user named, and no shell
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the reason stands above
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    """Write a table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def number(value: float) -> str:
    """Write a score."""
    return f"{value:.3f}"


def percent(value: float) -> str:
    """Write a share."""
    return f"{100 * value:.0f} %"


def splits(scores: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Tell the means, then every conflict with its worst camp."""
    yield "## The split over camps, the daily total given\n"
    yield "Averaged relative difference, rescaled, mean of the conflicts (`asylia validate displacement FOLDERS` with the words in the first column).\n"
    head = (
        "",
        "ours",
        "equal split",
        "capacity split",
        "static gravity",
        "shares of day 30",
        "90 % range holds",
    )
    yield from table(head, (_mean(words, scores[name]["mean"]) for name, words in DISPLACEMENT.items()))
    for name in ("capacities off", "capacities on", "30 days taken in"):
        yield f"### {name.capitalize()}\n"
        columns = (
            "conflict",
            "ours",
            "equal split",
            "static gravity",
            "90 % range holds",
            "worst camp",
            "its recorded mean",
            "ours there",
        )
        yield from table(columns, (_worst(one) for one in scores[name]["cases"]))


def _mean(words: Sequence[str], mean: Mapping[str, Any]) -> Sequence[str]:
    naive = mean["naive"]
    names = ("uniform", "capacity_split", "gravity_05", "frozen")
    return (f"`{' '.join(words)}`", number(mean["ard_rescaled"]), *(number(naive[name]) for name in names),
            percent(mean["interval_coverage_90"]))  # fmt: skip


def _worst(one: Mapping[str, Any]) -> Sequence[str]:
    worst = max(one["camps"], key=lambda camp: camp["error"])
    naive = one["naive"]
    return (one["case"], number(one["ard_rescaled"]), number(naive["uniform"]), number(naive["gravity_05"]), percent(one["interval_coverage_90"]),
            worst["camp"], f"{worst['observed']:,.0f}", f"{worst['ours']:,.0f}")  # fmt: skip


def ahead(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell rolling forecasts: means with the interval of the difference, then every conflict."""
    yield "## Forecasts from a rolling origin: split and total together\n"
    yield "Errors of all camps as a share of the people (`asylia validate forecast FOLDERS`); only reports dated up to the origin are used.\n"
    head = (
        "days ahead",
        "ours",
        "last report",
        "damped trend",
        "shares of day 30",
        "peer",
        "ours less the trend, 95 %",
        "camps in the 90 % range",
        "totals",
        "origins",
    )
    yield from table(head, (_horizon(days, found["mean"][days]) for days in HORIZONS))
    columns = (
        "conflict",
        *(f"{days} days: ours / last report / trend" for days in HORIZONS),
        "camps in the range, 30 days",
    )
    yield from table(columns, (_conflict(one) for one in found["cases"]))
    yield PEER


def _horizon(days: str, mean: Mapping[str, Any]) -> Sequence[str]:
    middle, low, high = mean["difference_95"]["damped_trend"]
    rules = (
        number(mean[name]) if name in mean else "-"
        for name in ("asylia", "persistence", "damped_trend", "frozen_shares", "peer")
    )
    return (days, *rules, f"{middle:.3f} ({low:.3f} to {high:.3f})",
            percent(mean["coverage_90"]), percent(mean["coverage_90_total"]), str(mean["origins"]))  # fmt: skip


def _conflict(one: Mapping[str, Any]) -> Sequence[str]:
    cells = []
    for days in HORIZONS:
        scored = one["horizons"].get(days)
        rivals = ("asylia", "persistence", "damped_trend")
        cells.append(" / ".join(number(scored[name]) for name in rivals) if scored else "too short")
    return (one["case"], *cells, percent(one["horizons"]["30"]["coverage_90"]))


def outflow(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell forecasts of people newly displaced by area and month."""
    yield "## People newly displaced, by area and month\n"
    yield "Continuous ranked probability score as a share of the people moved (`asylia validate outflow MOVEMENTS EVENTS`): Syria 2017 to 2021, by governorate.\n"
    head = (
        "months ahead",
        "ours",
        "last twelve months",
        "last value",
        "median of twelve",
        "ours less the twelve months, 95 %",
        "90 % range holds",
    )
    yield from table(head, (_months(ahead, one) for ahead, one in found["horizons"].items()))


def _months(months: str, one: Mapping[str, Any]) -> Sequence[str]:
    middle, low, high = one["difference"]
    rivals = (number(one[name]) for name in ("asylia", "last_year", "last_value", "median_year"))
    return (months, *rivals, f"{middle:.3f} ({low:.3f} to {high:.3f})", percent(one["held"]))


def page(folders: Sequence[str], files: Sequence[str]) -> str:
    """Run everything and put the page together."""
    scores = {name: ask("displacement", *folders, *words) for name, words in DISPLACEMENT.items()}
    lines = [HEAD, *splits(scores), *ahead(ask("forecast", *folders))]
    if files:
        lines += outflow(ask("outflow", *files))
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", help="folders of recorded conflicts")
    parser.add_argument("--outflow", nargs=2, default=(), metavar=("MOVEMENTS", "EVENTS"))
    parser.add_argument("--write", action="store_true", help="write the page of the docs")
    chosen = parser.parse_args()
    text = page(chosen.folders, chosen.outflow)
    if chosen.write:
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
