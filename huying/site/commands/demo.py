"""``huying demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, finish, on_deployment, say

app = typer.Typer(help="Bring a demonstration to life.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring a demonstration to life."""


@app.command()
def run(
    messages: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Real messages (CSV).")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Spread over so many days up to now (30; with --full the preset's)."),
    ] = None,
    cases: Annotated[
        int | None, typer.Option(min=0, help="How many cases (300; with --full the account's number).")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same demonstration.")] = 1,
    scatter: Annotated[
        bool,
        typer.Option(
            "--scatter", help="Give messages of a file a made-up place, for show; their address says so."
        ),
    ] = False,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="The volume that the place's account tells of: all its people and all its cases. People take a minute"
            " or two, a thousand cases about one; --cases plays fewer, --cases 0 only makes"
            " the people. Broken off and called again, it goes on where it stood. Stop the server first.",
        ),
    ] = False,
    place: Annotated[str, typer.Option(help="The place's code, when the deployment has several.")] = "",
    data: DataOption = None,
) -> None:
    """Replay messages with scripted officers, through the same doors as everybody else."""
    if full and (messages is not None or scatter):
        raise typer.BadParameter("--full makes its own messages")
    with on_deployment(data) as folder:
        from django.conf import settings

        from huying.clock import ClockError

        if not settings.HUYING_DEMO:
            raise ClockError("this is a real deployment; invented cases have no place in it")
        from huying.exchange.errors import CannotRead
        from huying.site.population import grow, live
        from huying.testing.commands import DemoError

        try:
            if full:
                done = grow(folder=folder, cases=cases, days=days or 0, seed=seed, place=place, say=say)
            else:
                done = live(
                    messages=messages,
                    days=days or 30,
                    cases=cases or 300,
                    seed=seed,
                    place=place,
                    scatter=scatter,
                )
            finish(done)
        except (CannotRead, DemoError) as problem:
            raise typer.BadParameter(str(problem)) from None
