"""``huying ledger``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import (
    DataOption,
    JsonOption,
    finish,
    offered,
    on_deployment,
    say,
    spoken,
)

app = typer.Typer(help="Verify and seal the record.", no_args_is_help=True)


@app.command()
def verify(
    against: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A receipt exported earlier.")
    ] = None,
    place: Annotated[str, typer.Option(help="Only this place's code.")] = "",
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Check every event, page and private payload; exit status 1 when something does not fit."""
    run = offered("ledger", "verify")
    with on_deployment(data), spoken():
        finish(run(place=place, against=against, as_json=json))


@app.command()
def seal(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The receipt file; else standard output.")
    ] = None,
    place: Annotated[str, typer.Option(help="Only this place's code.")] = "",
    data: DataOption = None,
) -> None:
    """Export a receipt: the present roots, to be kept somewhere else."""
    run = offered("ledger", "seal")
    with on_deployment(data):
        finish(run(place=place, output=output))


@app.command()
def roles(data: DataOption = None) -> None:
    """Set what each database role may do with the ledger (after making the roles on a server of your own)."""
    with on_deployment(data, owner=True):
        from django.db import connection

        from huying.ledger.roles import grant

        with connection.cursor() as cursor:
            found = grant(cursor)
        typer.echo(f"rights set for: {', '.join(found) or 'none (the roles do not exist)'}")


@app.command("replay-erasures")
def replay_erasures(
    list_: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="A list of erasures (erasures.jsonl)."
        ),
    ],
    data: DataOption = None,
) -> None:
    """After restoring a backup: erase again what had been erased since it was written. May be repeated."""
    raise typer.Exit(repeat(list_, data))


@app.command("rotate-key")
def rotate_key(
    again: Annotated[
        bool, typer.Option("--again", help="Go on after an interruption, without another new key.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Make a new master key and wrap every data key with it; serving may go on meanwhile. May be repeated."""
    run = offered("ledger", "rotate_master_key")
    with on_deployment(data):
        status, lines = run(_places(), fresh=not again)
        _tell(lines)
    raise typer.Exit(status)


def repeat(list_: Path, data: Path | None) -> int:
    """Repeat the erasures of a list in every place of the deployment; the exit status."""
    run = offered("ledger", "replay_erasures")
    worst = 0
    with on_deployment(data):
        for place in _places():
            status, lines = run(place, list_.absolute())
            _tell(lines)
            worst = max(worst, status)
    return worst


def _places() -> list[int]:
    from huying.places.models import Place

    return list(Place.objects.order_by("id").values_list("id", flat=True))


def _tell(lines: list[str]) -> None:
    for line in lines:
        say(line)
