"""`asylia consent propose`: candidate statements from news text, for a person to confirm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from asylia.cli.problems import CONTROL
from asylia.consent.article import Article
from asylia.consent.confirm import statement_of
from asylia.consent.parsed import load_parser, namer_with
from asylia.consent.propose import Candidate
from asylia.consent.propose import propose as candidates_of
from asylia.consent.side_by_side import Link, SideBySide, links, repeats, side_by_side
from asylia.consent.speaker import name_speaker
from asylia.core.errors import CaseError, Problem
from asylia.io.folder import find_case
from asylia.io.proposals import ArticleFile, read_article, write_proposals
from asylia.model.case import Case
from asylia.study.check import check_case

MOST_PAIRS = 10


def propose(
    articles: Annotated[
        list[Path], typer.Argument(metavar="ARTICLE...", help="Text files, one article each.")
    ],
    case: Annotated[str, typer.Option(help="Suggest the actors and terms of this case alone.")] = "",
    out: Annotated[Path | None, typer.Option(help="A new TOML file for the proposed statements.")] = None,
    parser: Annotated[
        str,
        typer.Option(
            help="Name a spaCy model that is installed (en_core_web_sm) to suggest speakers by grammar where the rules name nobody."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the candidates as JSON.")] = False,
) -> None:
    """Find passages of news text that may be statements: who may speak, in which way, on which term.

    Rules find them; no model is needed. Nothing counts until a person confirms it. Two articles are laid side by side.

    Example: asylia consent propose first.txt second.txt --out proposals.toml
    """
    held = check_case(find_case(case)) if case else None
    namer = namer_with(load_parser(parser)) if parser else name_speaker
    read = _read(articles, held)
    texts = [Article(id=one.id, text=one.text, sha256=one.sha256) for one in read]
    terms = held.terms if held else ()
    found = [one for text in texts for one in candidates_of(text, terms=terms, namer=namer)]
    near = links(found, texts)
    beside = [side_by_side(a, b, found, near) for a, b in list(combinations(texts, 2))[:MOST_PAIRS]]
    if out is not None:
        _write(out, read, found, near, held)
    if as_json:
        typer.echo(json.dumps(_as_json(read, found, near, beside, out), indent=2, ensure_ascii=False))
        return
    _show(Console(highlight=False), texts, found, beside)
    note = f"Written to {out}. Next: asylia consent confirm {out}" if out else "Add --out FILE to keep them."
    typer.echo(f"\n{len(found)} candidates. None is confirmed. {note}")


def _read(paths: Sequence[Path], case: Case | None) -> list[ArticleFile]:
    """Read every article, under the id its source has in the case; list the problems of all of them at once."""
    known = dict(case.sources.select("sha256", "id").drop_nulls().iter_rows()) if case else {}
    read: list[ArticleFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            one = read_article(path)
            read.append(replace(one, id=known.get(one.sha256, one.id)))
        except CaseError as error:
            problems.extend(error.problems)
    ids = [one.id for one in read]
    for name in sorted({one for one in ids if ids.count(one) > 1}):
        must = "every article has a name of its own"
        problems.append(Problem(file=name, must=must, mend="Rename one of the files."))
    if problems:
        raise CaseError(problems)
    return read


def _write(
    out: Path,
    read: Sequence[ArticleFile],
    found: Sequence[Candidate],
    near: Sequence[Link],
    case: Case | None,
) -> None:
    same = repeats(near, found)
    actors = case.actors if case else ()
    told = [statement_of(one, actors, same_as=same.get(one.id, "")) for one in found]
    write_proposals(out, read, told, [suggestion(one, case) for one in found])


def suggestion(one: Candidate, case: Case | None) -> dict[str, object]:
    """Say why a statement was proposed, as a row of `[[suggestions]]`, and which of a case point to the same words."""
    there = [
        said.id
        for said in (case.statements if case else ())
        if any(p.source == one.article and p.start < one.end and one.start < p.end for p in said.evidence)
    ]
    return {
        "statement": one.id,
        "cue": one.cue,
        "kind": one.kind,
        "reason": one.reason,
        "named_before": one.before,
        "terms": list(one.terms),
        "in_case": there,
    }


def _as_json(
    read: Sequence[ArticleFile],
    found: Sequence[Candidate],
    near: Sequence[Link],
    beside: Sequence[SideBySide],
    out: Path | None,
) -> dict[str, Any]:
    return {
        "ok": True,
        "articles": [{"id": one.id, "file": one.file, "sha256": one.sha256} for one in read],
        "candidates": [{**asdict(one), "status": "proposed"} for one in found],
        "links": [asdict(one) for one in near],
        "side_by_side": [_beside_json(one) for one in beside],
        "written": str(out) if out else None,
    }


def _beside_json(one: SideBySide) -> dict[str, Any]:
    pairs = [
        {"first": pair.first.id, "second": pair.second.id, "basis": pair.basis, "differs": dict(pair.differs)}
        for pair in one.both
    ]
    return {
        "first": one.first,
        "second": one.second,
        "both": pairs,
        "only_first": [each.id for each in one.only_first],
        "only_second": [each.id for each in one.only_second],
    }


def _show(
    console: Console, texts: Sequence[Article], found: Sequence[Candidate], beside: Sequence[SideBySide]
) -> None:
    for text in texts:
        console.print(f"\n[bold]{_safe(text.id)}[/bold]")
        for one in found:
            if one.article == text.id:
                _show_one(console, one)
    for pair in beside:
        _show_beside(console, pair)


def _show_one(console: Console, one: Candidate) -> None:
    hint = f" Named as speaking before: {one.before}." if one.before else ""
    terms = f", on {', '.join(one.terms)}" if one.terms else ""
    console.print(f"  {_safe(one.id)}  {one.start} to {one.end}  “{_safe(one.words)}”")
    console.print(f"    {_safe(one.speaker) or 'not named'}: {one.kind}, {one.mode}{_safe(terms)}")
    console.print(f"    [dim]{_safe(one.reason + hint)}[/dim]")


def _show_beside(console: Console, beside: SideBySide) -> None:
    console.print(f"\n[bold]{_safe(beside.first)} beside {_safe(beside.second)}[/bold]")
    for pair in beside.both:
        likeness = (
            "in like words" if pair.basis == "wording" else "in other words, if it is the same position"
        )
        console.print(f"  Both, {likeness}: {_safe(pair.first.id)} and {_safe(pair.second.id)}")
        for name, (first, second) in pair.differs.items():
            console.print(f"    {name}: {_safe(first) or 'none'} | {_safe(second) or 'none'}")
    for name, alone in ((beside.first, beside.only_first), (beside.second, beside.only_second)):
        console.print(f"  Only {_safe(name)}: {_safe(', '.join(each.id for each in alone)) or 'nothing'}")


def _safe(text: str) -> str:
    """Make words of a file harmless on a terminal."""
    return escape(CONTROL.sub("\ufffd", text))
