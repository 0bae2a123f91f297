"""Collect the fragments of changelog.d under a new heading of CHANGELOG.md.

python tools/changelog.py VERSION
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

KINDS = ("added", "changed", "fixed", "removed", "numbers")
ROOT = Path(__file__).resolve().parents[1]


def fragments(folder: Path) -> dict[str, list[Path]]:
    """Sort the fragments by kind; raises `SystemExit` for a name that has none."""
    found: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for file in sorted(folder.glob("*.md")):
        if file.name == "README.md":
            continue
        kind = file.name.split(".")[-2]
        if kind not in found:
            raise SystemExit(f"{file.name}: the part before .md is one of {', '.join(KINDS)}")
        found[kind].append(file)
    return found


def section(version: str, day: dt.date, found: dict[str, list[Path]]) -> str:
    """Write the section of one version."""
    lines = [f"## {version} ({day.isoformat()})", ""]
    for kind, files in found.items():
        if files:
            lines += [f"### {kind.capitalize()}", ""]
            lines += ["- " + " ".join(file.read_text(encoding="utf-8").split()) for file in files]
            lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Move the fragments into the changelog."""
    # a mistyped option must not become a version: the fragments are gone afterwards
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+\.\d+\.\d+\S*", sys.argv[1]):
        raise SystemExit(__doc__)
    found = fragments(ROOT / "changelog.d")
    today = dt.datetime.now(tz=dt.UTC).date()
    changelog = ROOT / "CHANGELOG.md"
    intro, mark, older = changelog.read_text(encoding="utf-8").partition("\n## ")
    text = intro.rstrip() + "\n\n" + section(sys.argv[1], today, found) + (mark + older if mark else "")
    changelog.write_text(text, encoding="utf-8")
    for file in (file for files in found.values() for file in files):
        file.unlink()
    print(f"CHANGELOG.md has a section for {sys.argv[1]}.")


if __name__ == "__main__":
    main()
