"""``huying clock``: a demonstration's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, on_deployment, say
from huying.site.moments import ZONE, duration, moment

app = typer.Typer(help="Show and move a demonstration's clock.", no_args_is_help=True)


@app.command()
def show(data: DataOption = None) -> None:
    """What time the deployment has."""
    with on_deployment(data):
        from huying import clock

        kind = "demonstration's clock" if clock.demo_clock() else "system clock"
        typer.echo(f"{clock.now().astimezone(ZONE):%Y-%m-%d %H:%M:%S} ({kind})")


@app.command()
def advance(
    by: Annotated[str, typer.Argument(help="How far, such as 3d, 12h, 1d6h.")], data: DataOption = None
) -> None:
    """Move the demonstration's clock on; whatever falls due on the way happens in order."""
    try:
        step = duration(by)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    with on_deployment(data):
        from huying import clock

        _move(clock.now() + step)


@app.command("set")
def set_(
    time: Annotated[str, typer.Argument(help="Such as 2026-03-02T08:00.")], data: DataOption = None
) -> None:
    """Move the demonstration's clock to a later time; whatever falls due on the way happens in order."""
    try:
        target = moment(time)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    with on_deployment(data):
        _move(target)


def _move(target: datetime) -> None:
    """From one due moment to the next up to *target*, so that nothing is jumped over."""
    from huying import clock
    from huying.site.ticks import all_ticks, next_due, run_once

    if clock.demo_clock() is None:
        raise clock.ClockError(
            "this deployment runs on the system clock; only a demonstration made with --clock moves"
        )
    if target < clock.now():
        raise clock.ClockError(
            f"it is already {clock.now().astimezone(ZONE):%Y-%m-%d %H:%M}; the clock does not run backwards"
        )
    ticks = all_ticks()
    fired = run_once(ticks)
    last: datetime | None = None
    while (due := next_due()) is not None and due <= target:
        if due == last:
            break  # its room did not get rid of it; the worker's log says why
        if due > clock.now():
            clock.set_time(due)
        fired += run_once(ticks)
        last = due
    if target > clock.now():
        clock.set_time(target)
    fired += run_once(ticks)
    say(f"it is {clock.now().astimezone(ZONE):%Y-%m-%d %H:%M}; {fired} things were done on the way")
