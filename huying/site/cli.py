"""The ``huying`` command."""

from __future__ import annotations

import os
import sys

import typer

from huying.site.commands import (
    backup,
    cases,
    clock,
    demo,
    flow,
    ledger,
    mqtt,
    people,
    preset,
    serve,
    text,
    upkeep,
    whatif,
)

app = typer.Typer(
    name="huying",
    help="Huying 呼应: a call, a response, and the caller's word on it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local variables could show a resident's words
    rich_markup_mode=None,
)
app.command("serve")(serve.serve)
app.command("mqtt")(mqtt.mqtt)
upkeep.add(app)
app.add_typer(clock.app, name="clock")
app.add_typer(preset.app, name="preset")
app.add_typer(flow.app, name="flow")
app.add_typer(cases.app, name="cases")
app.add_typer(demo.app, name="demo")
app.add_typer(ledger.app, name="ledger")
app.add_typer(people.app, name="people")
app.add_typer(text.app, name="text")
backup.add(app)
app.command("whatif")(whatif.whatif)


def main() -> None:
    """Run the command; an expected failure is one plain line and exit status 1, never a traceback."""
    try:
        app()
    except Exception as problem:
        if os.environ.get("HUYING_DEBUG") or not _expected(problem):
            raise
        print(f"huying: {problem}", file=sys.stderr)  # noqa: T201 - the terminal is the interface
        sys.exit(1)


def _expected(problem: Exception) -> bool:
    """True for failures that carry words for the operator."""
    from huying.clock import ClockError
    from huying.site.accounts import AccountError
    from huying.site.commands.common import MissingError
    from huying.site.database import DatabaseError
    from huying.site.environment import ConfigurationError
    from huying.site.holding import HeldError

    plain = (ClockError, AccountError, MissingError, DatabaseError, ConfigurationError, HeldError)
    if isinstance(problem, (*plain, FileNotFoundError, PermissionError)):
        return True
    from huying.site.serving import ServeError

    return isinstance(problem, ServeError)


if __name__ == "__main__":
    main()
