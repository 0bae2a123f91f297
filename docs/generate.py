"""Write the reference pages that follow from the code: tables, rules, criteria, standards, commands, names.

The pages are never committed, so they cannot be out of date: `conf.py` writes them before each build, and
`tests/unit/test_docs.py` reads them to see that nothing public is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

import asylia
from asylia.audit.completeness import ELEMENTS
from asylia.cli.main import COMMANDS, load
from asylia.core.tables import describe
from asylia.model.rules import RULES
from asylia.model.schemas import TABLES
from asylia.model.uncertain import Uncertain
from asylia.move import step
from asylia.need.standards import MEASURES, PROFILES, Standard, read_standards
from asylia.study.criteria import JUDGES

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/generate.py. -->\n\n"
TESTING = ("assert_people_kept", "tiny_case")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table; a bar or line break inside a cell is escaped."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def cell(value: object) -> str:
    """Write one cell; `None` is blank."""
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def between(number: Uncertain) -> str:
    """Write a range as a reader says it."""
    if number.is_fixed:
        return f"{number.low:g}"
    return f"{number.low:g} to {number.high:g}" + (" (log)" if number.shape == "log" else "")


def tables_page() -> str:
    """Describe every table of a case folder."""
    parts = ["# Tables\n\nAn empty *needed* means that the column or the cell may be left out.\n"]
    for schema in TABLES.values():
        key = f" Rows differ in {', '.join(f'`{name}`' for name in schema.key)}." if schema.key else ""
        rows = [
            (f"`{row['column']}`", *(row[k] for k in ("kind", "unit", "needed", "allowed", "meaning")))
            for row in describe(schema)
        ]
        head = ("column", "kind", "unit", "needed", "a cell", "meaning")
        parts.append(f"## {schema.file}\n\n{schema.doc}{key}\n\n{table(head, rows)}")
    return "\n".join(parts)


def rules_page() -> str:
    """List the uncertain numbers and their defaults."""
    rows = [(f"`{s.name}`", s.doc, s.unit, between(s.default), s.default.why) for s in RULES.values()]
    intro = "A case gives its own under `[rules]` in case.toml. Otherwise the default is drawn, and the report lists it as assumed.\n"
    return f"# Rules\n\n{intro}\n" + table(("name", "what it does", "unit", "default", "why"), rows)


def criteria_page() -> str:
    """List what every plan is judged by."""
    found = [judge.criterion for judge in JUDGES]
    rows = [(f"`{c.id}`", c.name, c.unit, c.better, c.basis) for c in found]
    intro = "*Better* says which way helps people; *neither* where that depends on who reads it.\n"
    return f"# Criteria\n\n{intro}\n" + table(("id", "name", "unit", "better", "how it is made"), rows)


def standards_page() -> str:
    """List the profiles, and every standard with its source."""
    found = {standard.id: standard for standard in read_standards()}
    parts = ["# Standards\n\nA case names its profile under `standards` in case.toml.\n"]
    for name, uses in PROFILES.items():
        chosen = [
            (MEASURES[use.measure].name, f"`{use.standard}`", amount(found[use.standard]), use.reason)
            for use in uses
        ]
        parts.append(
            f"## Profile {name}\n\n" + table(("measure", "standard", "amount", "why this one"), chosen)
        )
    rows = [
        (f"`{s.id}`", s.indicator, s.bound, amount(s), s.phase, origin(s), s.evidence, s.note)
        for s in found.values()
    ]
    head = ("id", "indicator", "bound", "amount", "phase", "source", "evidence", "note")
    return "\n".join([*parts, "## All standards\n\n" + table(head, rows)])


def amount(standard: Standard) -> str:
    """Write a value with its unit."""
    return f"{standard.value:,.10g} {standard.unit}"


def origin(standard: Standard) -> str:
    """Name the source, with a link where it was published."""
    return f"[{standard.source}]({standard.url})" if standard.url else standard.source


def completeness_page() -> str:
    """List what a plan has to say."""
    rows = [(f"`{element.id}`", element.question) for element in ELEMENTS]
    intro = "What a complete plan answers. Use these names under `[stated]` and in `fills`.\n"
    return f"# Completeness\n\n{intro}\n" + table(("element", "question"), rows)


def commands_page() -> str:
    """Describe every command with its arguments and options."""
    parts = [
        "# Commands\n\nEvery command ends with 0, with 2 after a mistake in what it was given, with 1 after a mistake of ours.\n"
    ]
    for name in COMMANDS:
        command = load(name)
        parts.append(command_section(name, command))
        parts += [
            command_section(f"{name} {part}", command.part(part)) for part in getattr(command, "parts", ())
        ]
    return "\n".join(parts)


def command_section(name: str, command: Any) -> str:
    """Describe one command."""
    rows = [(spelling(p), getattr(p, "help", ""), default(p)) for p in command.params]
    return f"## asylia {name}\n\n{command.help}\n\n{table(('argument', 'meaning', 'default'), rows)}"


def spelling(parameter: Any) -> str:
    """Write a parameter as a user types it."""
    is_option = parameter.opts[0].startswith("-")
    return f"`{', '.join(parameter.opts) if is_option else parameter.metavar or parameter.name.upper()}`"


def default(parameter: Any) -> str:
    """Write the default of an option, if a reader can use it."""
    value = parameter.default
    return "" if value in (None, False, "", ()) or callable(value) else f"`{value}`"


def day_page() -> str:
    """Give the order of a day as the engine states it, for the page that explains it."""
    text = cleandoc(step.__doc__ or "")
    return text[text.index("1. ") :] + "\n"


def python_page() -> str:
    """Document the public names."""
    parts = ["# Python\n\nThese names are the public surface. Anything else may change without notice.\n"]
    for name in asylia.__all__:
        kind = "function" if not isinstance(getattr(asylia, name), type) else "class"
        parts.append(directive(kind, f"asylia.{name}"))
    parts.append("## For plug-in authors\n")
    parts += [directive("function", f"asylia.testing.{name}") for name in TESTING]
    return "\n".join(parts)


def directive(kind: str, name: str) -> str:
    """Write an autodoc directive."""
    members = ":members:\n" if kind == "class" else ""
    return f"```{{eval-rst}}\n.. auto{kind}:: {name}\n" + ("   " + members if members else "") + "```\n"


PAGES: dict[str, Callable[[], str]] = {
    "tables": tables_page,
    "rules": rules_page,
    "criteria": criteria_page,
    "standards": standards_page,
    "completeness": completeness_page,
    "commands": commands_page,
    "day": day_page,
    "python": python_page,
}


def write(folder: Path = HERE / "reference" / "generated") -> None:
    """Write every page; an unchanged page keeps its date, so that a second build is quick."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        text = NOTE + page()
        file = folder / f"{name}.md"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
