"""``huying preset``: check, compare and publish a place's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, JsonOption, finish, offered, on_deployment, out
from huying.site.prepare_stamp import preset_folder

app = typer.Typer(help="Check, compare and publish presets.", no_args_is_help=True)


@app.command()
def check(
    path: Annotated[str, typer.Argument(help="A preset's folder or name.")], json: JsonOption = False
) -> None:
    """Name every defect with file, line and how to mend it; exit status 0 when there is none, else 1."""
    folder = Path(path) if Path(path).is_dir() else preset_folder(path)
    finish(offered("presets", "check")(folder, as_json=json))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A folder, name, or place and edition number.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """What differs between two editions, and what it means for open cases."""
    run = offered("presets", "diff")
    if all(Path(name).is_dir() for name in (old, new)):
        finish(run(old, new, as_json=json))
        return
    with on_deployment(data):
        finish(run(old, new, as_json=json))


@app.command()
def publish(
    path: Annotated[str, typer.Argument(help="A preset's folder or name.")], data: DataOption = None
) -> None:
    """Publish a preset as a new edition (nothing happens when it is already the newest)."""
    folder = preset_folder(path)
    with on_deployment(data):
        from huying.site.population import publish as run

        out(run(folder))


@app.command()
def migrate(
    place: Annotated[str, typer.Argument(help="The place's code.")],
    old: Annotated[int, typer.Argument(help="The edition that the cases have now.")],
    new: Annotated[int, typer.Argument(help="The edition that they are to have.")],
    rename: Annotated[
        list[str] | None, typer.Option(help="flow.step=flow.step, where a step has another name; repeatable.")
    ] = None,
    item: Annotated[
        list[str] | None, typer.Option(help="code=code, where an item has another code; repeatable.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; else only say what it means.")] = False,
    data: DataOption = None,
) -> None:
    """Move unfinished cases to another edition by a mapping that is checked first."""
    with on_deployment(data):
        finish(offered("cases", "migrate")(place, old, new, rename or [], item or [], apply))
