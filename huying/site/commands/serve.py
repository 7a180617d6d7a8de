"""``huying serve``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import say


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to serve on; keep 127.0.0.1 behind a proxy.")
    ] = "127.0.0.1",
    data: Annotated[Path | None, typer.Option(help="Folder for everything that is kept.")] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="A preset's name or folder; may be repeated.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="A populated demonstration, or a real deployment.")
    ] = False,
    clock: Annotated[str, typer.Option(help="A demonstration whose clock starts at this time.")] = "",
    json: Annotated[
        bool, typer.Option("--json", help="First line of standard output: url, users, api_key.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads of each web process.")] = 8,
) -> None:
    """Serve the platform: database, web and background worker, until Ctrl-C."""
    from huying.site.accounts import service_account
    from huying.site.environment import data_folder
    from huying.site.moments import moment
    from huying.site.prepare_stamp import preset_folder
    from huying.site.running import prepare_folder
    from huying.site.serving import Plan
    from huying.site.serving import serve as run

    if clock:
        moment(clock)
        if not demo:
            raise typer.BadParameter(
                "a clock of its own is only for a demonstration (--demo)", param_hint="--clock"
            )
    folder = (data or data_folder()).absolute()
    account = service_account()
    prepare_folder(folder, account)
    wished = place or [word for word in os.environ.get("HUYING_PLACES", "").split(",") if word]
    places = [str(_readable(preset_folder(name), folder)) for name in wished]
    if account.differs:
        say(f"running as {account.name}, because neither the database nor the web runs as root")
        _become(account.uid, account.gid, folder)
    plan = Plan(folder, port, host, places, demo, clock, json, workers, threads)
    try:
        status = run(plan)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    raise typer.Exit(status)


def _become(uid: int, gid: int, data: Path) -> None:
    """Give up root for good, and everything that root's environment said about its home."""
    os.chdir("/")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.environ.update({"HOME": str(data), "HUYING_DATA": str(data)})
    for name in ("XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "USER", "LOGNAME", "MAIL"):
        os.environ.pop(name, None)
    sys.path[:] = [
        entry for entry in sys.path if entry
    ]  # the folder that root started in may be closed to us


def _readable(preset: Path, data: Path) -> Path:
    """The preset's folder, or as root a copy in the data folder when the service user could not read it."""
    from huying.site.accounts import service_account

    account = service_account()
    if not account.differs or account.barrier(preset) is None:
        return preset
    import shutil

    copy = data / "presets" / preset.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(preset, copy)
    for path in [copy.parent, copy, *copy.rglob("*")]:
        account.own(path)
    return copy
