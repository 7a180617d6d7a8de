"""``huying flow``: pictures of flows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import finish, offered
from huying.site.prepare_stamp import preset_folder


class Lang(StrEnum):
    """The languages in which a flow can be read."""

    zh = "zh"
    en = "en"


app = typer.Typer(help="Pictures of flows.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Pictures of flows."""


@app.command()
def draw(
    preset: Annotated[str, typer.Argument(help="A preset's folder or name.")],
    flow: Annotated[str, typer.Argument(help="The flow's id.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The SVG file; else standard output.")
    ] = None,
    lang: Annotated[Lang, typer.Option(help="The words of the picture.")] = Lang.zh,
) -> None:
    """Draw a flow as SVG."""
    folder = Path(preset) if Path(preset).is_dir() else preset_folder(preset)
    finish(offered("presets", "draw")(folder, flow, output, lang.value))
