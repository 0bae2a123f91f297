"""`asylia check`: read a case and say what it holds, or what is wrong with it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from asylia.cli.problems import error_json
from asylia.core.errors import CaseError
from asylia.io.folder import find_case
from asylia.model.case import Case, fingerprint
from asylia.model.schemas import TABLES
from asylia.study.check import check_case


def check(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A built-in case, or a case folder.")],
    sources: Annotated[
        Path | None, typer.Option(help="Folder with the source texts, to check every pointer into them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Read a case and list everything that is wrong with it.

    Example: asylia check syria-2017
    """
    try:
        read = check_case(find_case(case), sources)
    except CaseError as error:
        if not as_json:
            raise
        typer.echo(error_json(error))
        raise typer.Exit(2) from error
    found = summary(read)
    found["pointers_checked"] = sources is not None
    typer.echo(json.dumps({"ok": True, **found}, indent=2, ensure_ascii=False) if as_json else _text(found))


def summary(case: Case) -> dict[str, Any]:
    """Count what a case holds: rows and evidence tags by table, actors, statements and plans."""
    return {
        "case": case.id,
        "title": case.title,
        "as_of": case.as_of.isoformat(),
        "fingerprint": fingerprint(case),
        "tables": {name: _count(case, name) for name in TABLES},
        "numbers": dict(Counter(str(number.evidence) for number in case.rules.values())),
        "terms": len(case.terms),
        "actors": len(case.actors),
        "statements": dict(Counter(statement.status for statement in case.statements)),
        "plans": [plan.id for plan in case.plans],
    }


def _count(case: Case, name: str) -> dict[str, Any]:
    frame = getattr(case, name)
    tags = frame["evidence"].to_list() if "evidence" in frame.columns else []
    return {"rows": frame.height, "evidence": dict(Counter(tags).most_common())}


def _text(found: dict[str, Any]) -> str:
    lines = [f"{found['title']} ({found['case']}), as known on {found['as_of']}"]
    for name, table in found["tables"].items():
        lines.append(f"  {name:<11}{table['rows']:>7,} rows   {_counts(table['evidence'])}".rstrip())
    lines.append(
        f"  numbers    {sum(found['numbers'].values()):>7,}        {_counts(found['numbers'])}".rstrip()
    )
    lines.append(f"  actors     {found['actors']:>7,}        {found['terms']} terms")
    statements = found["statements"]
    lines.append(f"  statements {sum(statements.values()):>7,}        {_counts(statements)}".rstrip())
    lines.append(f"  plans      {len(found['plans']):>7,}        {', '.join(found['plans'])}")
    if found["pointers_checked"]:
        lines.append("Every pointer stands in its text.")
    lines.append(f"No problem found. Fingerprint {found['fingerprint']}.")
    return "\n".join(lines)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{word} {count:,}" for word, count in counts.items())
