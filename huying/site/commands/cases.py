"""``huying cases``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, finish, offered, on_deployment

app = typer.Typer(help="Bring cases in.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring cases in."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file of messages.")],
    place: Annotated[str, typer.Option(help="The place's code, when the deployment has several.")] = "",
    columns: Annotated[
        list[str] | None, typer.Option("--column", help="FIELD=COLUMN; may be repeated.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show the mapping and problems, write nothing.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rows that cannot be taken go (default: beside FILE).")
    ] = None,
    data: DataOption = None,
) -> None:
    """Import messages as cases: idempotent, resumable, bad rows to a rejects file with reasons."""
    run = offered("cases", "import_messages")
    with on_deployment(data):
        mapping = dict(word.split("=", 1) for word in columns or [])
        finish(run(file, place=place, columns=mapping, preview=preview, rejects=rejects))
