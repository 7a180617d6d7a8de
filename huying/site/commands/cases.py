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
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV or Excel file of messages.")
    ],
    place: Annotated[str, typer.Option(help="The place's code, when the deployment has several.")] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="FIELD=COLUMN, several with commas; may be repeated. The rest is guessed."
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Default: UTF-8, else GB18030.")] = "",
    zone: Annotated[str, typer.Option(help="Of times that name none (default: the place's).")] = "",
    source: Annotated[
        str, typer.Option(help="Name of the source (default: the file's name without ending).")
    ] = "",
    open_as_of: Annotated[
        str, typer.Option(help="From when limits run: now, received (each message's own time), or a time.")
    ] = "now",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show columns, first rows and problems; write nothing.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rows that cannot be taken go (default: beside FILE).")
    ] = None,
    data: DataOption = None,
) -> None:
    """Import messages as cases: idempotent, resumable, bad rows to a rejects file with reasons."""
    words = [word for text in columns or [] for word in text.split(",")]
    if any("=" not in word for word in words):
        raise typer.BadParameter("write --map FIELD=COLUMN, such as --map title=主题,text=内容")
    mapping = {field.strip(): head.strip() for field, head in (word.split("=", 1) for word in words)}
    with on_deployment(data):
        run = offered("exchange", "import_messages")
        from huying.exchange.errors import CannotRead

        try:
            result = run(
                file, place=place, columns=mapping, encoding=encoding, zone=zone, source=source,
                open_as_of=open_as_of, dry_run=dry_run, rejects=rejects,
            )  # fmt: skip
        except CannotRead as problem:
            raise typer.BadParameter(str(problem)) from None
        finish(result)
