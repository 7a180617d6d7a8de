"""``huying whatif``: a past period played again under other rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, JsonOption, MissingError, finish, offered, on_deployment


def whatif(
    since: Annotated[str, typer.Option("--from", help="First day of the period, such as 2026-02-01.")],
    until: Annotated[str, typer.Option("--to", help="Its last day.")],
    change: Annotated[
        Path | None,
        typer.Option(
            "--change", exists=True, dir_okay=False, help="YAML of changes: limits, routing, calendar, staff."
        ),
    ] = None,
    place: Annotated[str, typer.Option(help="The place's code, when the deployment has several.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Instead: forecast the last quarter from the rest and compare.")
    ] = False,
    replications: Annotated[int, typer.Option(min=2, max=500, help="How often each variant is played.")] = 30,
    seed: Annotated[int, typer.Option(help="Of the chances; the same seed gives the same answer.")] = 1,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Play a past period again with other limits, routing, office hours or staff; changes no case."""
    if change is None and not check:
        raise typer.BadParameter("give --change FILE, or --check")
    with on_deployment(data):
        try:
            if check:
                finish(offered("whatif", "check")(place, since, until, 0.75, replications), True)
                return
            result = offered("whatif", "whatif")(place, since, until, change, replications, seed)
        except ValueError as problem:
            raise MissingError(str(problem)) from None
        finish(result if as_json else offered("whatif", "told")(result), as_json)
