"""``huying backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, say


def backup(
    target: Annotated[Path, typer.Argument(help="The file to write, such as huying-2026-11-22.tar.")],
    data: DataOption = None,
) -> None:
    """Write database, files and keys of the deployment into one file (mode 0600), while it goes on
    serving.
    """
    from huying.site.backups import write

    size = write(target, data)
    say(f"{target}: {size / 1e6:.1f} MB; it holds the keys, so keep it as safe as the data itself")


def restore(
    source: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A file written by huying backup.")
    ],
    data: Annotated[Path, typer.Option("--data", help="A new, empty data folder.")],
    erasures: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False,
            help="The newest erasures.jsonl there is (of the old data folder, or kept apart): what was erased since the backup.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Restore a backup into a new data folder, and erase again what had been erased since it was written."""
    from huying.site.backups import read
    from huying.site.commands.ledger import repeat

    read(source, data)
    say(f"restored into {data}")
    if erasures is None:
        say(
            "erasures made after the backup are not in it: give the newest erasures.jsonl with --erasures, or now to"
            f" huying ledger replay-erasures FILE --data {data}, before anybody uses it"
        )
    elif status := repeat(erasures, data):
        raise typer.Exit(status)
    say(f"serve it with: huying serve --data {data}")


def add(app: typer.Typer) -> None:
    """Add these commands at the top level."""
    app.command("backup")(backup)
    app.command("restore")(restore)
