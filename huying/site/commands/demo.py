"""``huying demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, finish, on_deployment

app = typer.Typer(help="Bring a demonstration to life.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring a demonstration to life."""


@app.command()
def run(
    messages: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Real messages (CSV).")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Spread over so many days up to now.")] = 30,
    cases: Annotated[int, typer.Option(min=1, help="How many cases.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same demonstration.")] = 1,
    scatter: Annotated[
        bool,
        typer.Option(
            "--scatter", help="Give messages of a file a made-up place, for show; their address says so."
        ),
    ] = False,
    place: Annotated[str, typer.Option(help="The place's code, when the deployment has several.")] = "",
    data: DataOption = None,
) -> None:
    """Replay messages with scripted officers, through the same doors as everybody else."""
    with on_deployment(data):
        from django.conf import settings

        from huying.clock import ClockError

        if not settings.HUYING_DEMO:
            raise ClockError("this is a real deployment; invented cases have no place in it")
        from huying.exchange.errors import CannotRead
        from huying.site.population import live
        from huying.testing.commands import DemoError

        try:
            finish(live(messages=messages, days=days, cases=cases, seed=seed, place=place, scatter=scatter))
        except (CannotRead, DemoError) as problem:
            raise typer.BadParameter(str(problem)) from None
