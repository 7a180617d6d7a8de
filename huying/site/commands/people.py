"""``huying people``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, MissingError, on_deployment, out

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
    with on_deployment(data):
        from huying.ledger.actions import Actor
        from huying.places.tables import ImportRefused
        from huying.site.one_place import place_id
        from huying.staff.import_people import import_people

        try:
            done = import_people(
                place_id(place), file.read_bytes(), file.name, actor=Actor(channel="import"), dry_run=preview
            )
        except ImportRefused as problem:
            raise MissingError(f"nothing was imported:\n{problem}") from None
        for change in done.outcome.changes:
            out(f"{change.what} {change.table} {change.code} {change.name}")
        for username, password in done.passwords.items():
            out(f"{username}\t{password}")
