"""The command line. Commands are listed here by name and loaded only when one is called, so that help is quick."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from asylia import __version__
from asylia.cli.compiled import keep_compiled
from asylia.cli.parts import CommandWithParts, with_parts
from asylia.cli.problems import error_json, error_text
from asylia.cli.terminal import make_printable
from asylia.core.errors import AsyliaError, CaseError, RunError

COMMANDS = {
    "cases": "List the cases that ship with Asylia.",
    "new": "Write a commented example of a case folder, to fill in.",
    "check": "Read a case and list everything that is wrong with it.",
    "compare": "Compare the plans of a case with no zone, and write a report.",
    "run": "Run one plan beside no zone, and print every criterion.",
    "report": "Write the report of a finished comparison again.",
    "site": "Search where zones could go and how big, say what each consent would be worth, and try it with people who choose.",
    "consent": "Say who refuses, who has said nothing against it, and who cannot be told, with the words behind each.",
    "threat": "Say what presses on each zone: attack and overrun with ranges and reasons, what would turn the answer, and p*.",
    "need": "Say what each plan's zones need, what to bring by when, what it costs, who pays, and what stops first.",
    "audit": "Hold each plan against 38 conditions of law, list what it does not say, and show the zones of the past like it.",
    "import": "Turn the folder of another engine, or a file of events, into a case.",
    "export": "Write a case in the format of another engine.",
    "calibrate": "Fit our rules of displacement to recorded conflicts, with and without their capacities.",
    "validate": "Hold parts of Asylia against cases with a known answer.",
}
"""Each command is a function, or a group of them, of its name in the module `asylia.cli` of its name; the summary is the
first line of its docstring."""


AS_JSON = "asylia.as_json"


class LateCommands(TyperGroup):
    """A group of commands that are imported when they are called, and that ends every error in its own way."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the command that was called."""
        ctx.meta[AS_JSON] = "--json" in args
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(str(name)), rest

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an error of the user's is told without a traceback."""
        try:
            return super().invoke(ctx)
        except AsyliaError as error:
            if ctx.meta.get(AS_JSON) and isinstance(error, CaseError):
                typer.echo(error_json(error))
            typer.echo(error_text(error), err=True)
            raise typer.Exit(1 if isinstance(error, RunError) else 2) from error


def load(name: str) -> Any:
    """Import one command and return it as typer sees it."""
    own = f"{name}_" if iskeyword(name) else name  # `import` is a word of Python
    module = import_module(f"asylia.cli.{own}")
    found = getattr(module, own)
    if isinstance(found, typer.Typer):
        return get_command(found)
    parts = getattr(module, "PARTS", {})
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name=name, cls=CommandWithParts if parts else None)(found)
    return with_parts(get_command(single), parts)


def make_app() -> typer.Typer:
    """Build the command line from the list of commands."""
    made = typer.Typer(
        cls=LateCommands,
        name="asylia",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        epilog="Example: asylia check syria-2017",
    )
    made.callback()(_options)
    for name, summary in COMMANDS.items():
        made.command(name=name, help=summary)(_not_loaded)
    return made


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"asylia {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Plan, test and compare civilian safe zones for people displaced by war. Asylia calls no zone safe."""


def _not_loaded() -> None:
    """Stand in for a command in the list of commands."""


app = make_app()


def run() -> None:
    """Start the command line."""
    keep_compiled()
    make_printable(sys.argv)
    app()
