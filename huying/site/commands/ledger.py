"""``huying ledger``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, JsonOption, finish, offered, on_deployment

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
    with on_deployment(data):
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
