"""A command that has parts: `asylia consent CASE` works as ever, and `asylia consent propose ...` calls a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class CommandWithParts(TyperCommand):
    """A command whose first argument may name a part, which is imported when it is called."""

    parts: Mapping[str, str]

    def part(self, name: str) -> Any:
        """Import a part and return it as typer sees it."""
        function = getattr(import_module(f"asylia.cli.{self.parts[name]}"), name)
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(name=name)(function)
        return get_command(single)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Hand over to the part that was named, if one was."""
        if args and args[0] in self.parts:
            words = f"{info_name or ''} {args[0]}".strip()
            return self.part(args[0]).make_context(words, args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)


class GroupOfParts(TyperGroup):
    """A group that tells its parts as `CommandWithParts` does."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of all parts."""
        return tuple(self.commands)

    def part(self, name: str) -> Any:
        """Return a part as typer sees it."""
        return self.commands[name]


def with_parts(command: Any, parts: Mapping[str, str]) -> Any:
    """Give a command its parts: name to module in `asylia.cli`."""
    command.parts = dict(parts)
    return command
