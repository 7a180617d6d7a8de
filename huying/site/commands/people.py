"""``huying people``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, finish, offered, on_deployment

app = typer.Typer(help="People who serve and their posts.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """People who serve and their posts."""


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file of people and posts.")
    ],
    place: Annotated[str, typer.Option(help="The place's code, when the deployment has several.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would change, write nothing.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Import people and posts: exact errors, all or nothing."""
    run = offered("staff", "import_people")
    with on_deployment(data):
        finish(run(file, place=place, preview=preview))
