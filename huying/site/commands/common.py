"""What the commands share."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="The deployment's data folder (default: HUYING_DATA or the usual one)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")]


class MissingError(Exception):
    """A room does not offer what a command needs."""


def offered(room: str, name: str) -> Callable[..., Any]:
    """The function *name* of ``huying.<room>.commands``; raises MissingError in plain words when there is
    none.
    """
    try:
        module = import_module(f"huying.{room}.commands")
        found: Callable[..., Any] = getattr(module, name)
        return found
    except ModuleNotFoundError as problem:
        if not (problem.name or "").startswith(f"huying.{room}"):
            raise
    except AttributeError:
        pass
    raise MissingError(f"this installation has no huying.{room}.commands.{name}")


@contextlib.contextmanager
def on_deployment(data: Path | None, owner: bool = False) -> Iterator[Path]:
    """Django set up on the deployment; see ``running.deployment``."""
    from huying.site.running import deployment

    with deployment(data, owner=owner) as folder:
        yield folder


def out(result: object, as_json: bool = False) -> None:
    """Print a command's result on standard output."""
    if as_json or isinstance(result, dict | list):
        sys.stdout.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
    elif result is not None:
        sys.stdout.write(f"{result}\n")


@contextlib.contextmanager
def spoken() -> Iterator[None]:
    """Within the block words are in the language of the terminal: English where it says so, else the platform's own."""
    from django.conf import settings
    from django.utils import translation

    wished = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    with translation.override("en" if wished.lower().startswith("en") else settings.LANGUAGE_CODE):
        yield


def finish(result: object, as_json: bool = False) -> None:
    """Print *result* and leave: an int is the exit status, anything else is printed and means success."""
    if isinstance(result, bool):
        raise typer.Exit(0 if result else 1)
    if isinstance(result, int):
        raise typer.Exit(result)
    out(result, as_json)


def say(words: str) -> None:
    """A line on standard error, which is for people."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()
