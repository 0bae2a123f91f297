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
from asylia.audit.conditions import read_conditions, read_objectives, read_safeguards, read_vague
from asylia.cli.main import COMMANDS, load
from asylia.core.tables import describe
from asylia.model.modifiers import MODIFIERS
from asylia.model.recorded import RECORD_TABLES
from asylia.model.rules import RULES
from asylia.model.schemas import TABLES
from asylia.model.uncertain import Uncertain
from asylia.move import step
from asylia.need.items import read_items
from asylia.need.measures import DERIVED, MEASURES
from asylia.need.profiles import resolve, shipped_profiles
from asylia.need.standards import Standard, read_standards, side_by_side
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
    for schema in (*TABLES.values(), *RECORD_TABLES.values()):
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


def modifiers_page() -> str:
    """List the factors on attack and overrun, as a table to include."""
    rows = [
        (f"`{m.name}`", m.acts, m.doc, f"{p.middle:g} ({p.low:g} to {p.high:g})", p.why)
        for m in MODIFIERS.values()
        for p in [m.default]
    ]
    return table(("name", "acts on", "for a zone with", "factor", "why"), rows)


def criteria_page() -> str:
    """List what every plan is judged by."""
    found = [judge.criterion for judge in JUDGES]
    rows = [(f"`{c.id}`", c.name, c.unit, c.better, c.basis) for c in found]
    intro = "*Better* says which way helps people; *neither* where that depends on who reads it.\n"
    return f"# Criteria\n\n{intro}\n" + table(("id", "name", "unit", "better", "how it is made"), rows)


def standards_page() -> str:
    """List the profiles, every standard with its source, editions side by side, what follows, and what is brought."""
    intro = "A case names its profile under `standards` in case.toml, or a file of its own"
    parts = [f"# Standards\n\n{intro} (see [plan provisioning](../../howto/plan-provisioning.md)).\n"]
    for name, profile in shipped_profiles().items():
        own = {use.measure for use in profile.uses}
        based = f" Based on `{profile.based_on}`; only what differs is listed." if profile.based_on else ""
        chosen = [
            (need.measure.name, f"`{need.standard.id}`", amount(need.standard), use.reason)
            for need in resolve(name)
            for use in profile.uses
            if need.measure.id in own and use.measure == need.measure.id
        ]
        head = ("need", "standard", "amount", "why this one")
        parts.append(f"## Profile {name}\n\n{profile.name}.{based}\n\n" + table(head, chosen))
    parts += [follows_part(), items_part(), editions_part()]
    rows = [
        (f"`{s.id}`", s.indicator, s.bound, amount(s), s.stage, origin(s), s.evidence, s.note)
        for s in read_standards()
    ]
    head = ("id", "indicator", "bound", "amount", "stage", "source", "evidence", "note")
    return "\n".join([*parts, "## All standards\n\n" + table(head, rows)])


def follows_part() -> str:
    """List what is worked out from several standards, and the measures a profile may choose for."""
    rows = [(one.name, ", ".join(f"`{name}`" for name in one.uses), one.rule) for one in DERIVED]
    names = ", ".join(f"`{name}`" for name in MEASURES)
    return f"## What follows\n\nMeasures a profile may choose for: {names}.\n\n" + table(
        ("what", "from", "rule"), rows
    )


def items_part() -> str:
    """List what is brought, how long it takes, and its price where one is known."""
    rows = [
        (
            item.name, item.kind.replace("_", " "), f"{item.lead_days[0]} to {item.lead_days[1]} days", item.lead_why,
            f"`{item.price.id}`" if item.price else "unknown", item.currency_year,
        )
        for item in read_items().values()
    ]  # fmt: skip
    head = ("what", "kind", "lead time (assumed)", "why", "price", "dollars of")
    return "## What is brought\n\n" + table(head, rows)


def editions_part() -> str:
    """Lay editions side by side where more than one value, edition or stage is known."""
    found = side_by_side()
    rows = []
    for (standard,), own in found.group_by("standard", maintain_order=True):
        if own.height > 1:
            said = [f"{r['edition']} ({r['stage']}): {r['value']:,.10g}" for r in own.iter_rows(named=True)]
            rows.append((f"`{standard}`", own["indicator"][0], own["unit"][0], "; ".join(said)))
    return "## Editions side by side\n\n" + table(("id", "indicator", "unit", "values"), rows)


def amount(standard: Standard) -> str:
    """Write a value with its unit, and its range if the source gives one."""
    said = f"{standard.value:,.10g} {standard.unit}"
    if standard.low is None or standard.high is None:
        return said
    return f"{said} ({standard.low:,.10g} to {standard.high:,.10g})"


def origin(standard: Standard) -> str:
    """Name the source, with a link where it was published."""
    return f"[{standard.source}]({standard.url})" if standard.url else standard.source


def completeness_page() -> str:
    """List what a plan has to say."""
    rows = [(f"`{element.id}`", element.question) for element in ELEMENTS]
    intro = "What a complete plan answers. Use these names under `[stated]` and in `fills`.\n"
    return f"# Completeness\n\n{intro}\n" + table(("element", "question"), rows)


def law_page() -> str:
    """List the conditions of the audit, the safeguards a plan may answer, the objectives and the open words."""
    conditions = [
        (c.id, c.condition, f"{c.source} ({c.evidence})", c.severity, c.applies, c.tested_by, c.settled_by)
        for c in read_conditions()
    ]
    head = ("id", "condition", "source", "severity", "asked of", "tested by", "what would settle it")
    asked = {name: c.id for c in read_conditions() for name in c.safeguards}
    safeguards = [(f"`{name}`", question, asked[name]) for name, question in read_safeguards().items()]
    goals = [
        (o.name, o.side, ", ".join(f"`{m}`" for m in o.metrics), o.not_measured) for o in read_objectives()
    ]
    vague = [(v.term, v.why, v.ask) for v in read_vague()]
    intro = (
        "`asylia audit` holds every plan against these. A condition passes or fails by words or rows of a source alone; "
        "assumptions decide nothing, and unknown is not a pass. There is no score, and this is no legal advice.\n"
    )
    parts = [
        f"# Law and safeguards\n\n{intro}\n" + table(head, conditions),
        "## Safeguards\n\nNames for `[[safeguards]]` of a plan.\n\n"
        + table(("name", "question", "condition"), safeguards),
        "## The five objectives\n\n" + table(("objective", "side", "counted", "not counted"), goals),
        "## Open words\n\n" + table(("word", "why", "what to ask"), vague),
    ]
    return "\n".join(parts)


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
    "modifiers": modifiers_page,
    "criteria": criteria_page,
    "standards": standards_page,
    "completeness": completeness_page,
    "law": law_page,
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
