"""``huying setup``, ``migrate``, ``worker``, ``manage``: looking after a deployment."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, on_deployment, say


def setup(
    data: DataOption = None,
    place: Annotated[
        list[str] | None, typer.Option(help="A preset's name or folder; may be repeated.")
    ] = None,
) -> None:
    """Make or update a real deployment without serving it: schema, presets, static files."""
    from huying.site import database
    from huying.site.accounts import service_account
    from huying.site.environment import data_folder
    from huying.site.prepare import prepare
    from huying.site.prepare_stamp import stamp
    from huying.site.running import (
        make_secrets,
        own_everything,
        own_server,
        owner_address,
        prepare_folder,
        served_database,
    )

    folder = (data or data_folder()).absolute()
    account = service_account()
    prepare_folder(folder, account)
    make_secrets(folder, account)
    os.environ |= {"HUYING_DATA": str(folder), "HUYING_DATABASE_POOL": "0"}
    places = list(place or [])
    mark = stamp(places, False, "", own_server())
    if own_server():
        os.environ["HUYING_DATABASE_URL"] = str(owner_address())
        prepare(folder, places, False, "", mark)
    else:
        cluster = database.Cluster(folder)
        if not cluster.exists():
            say("making the database")
            cluster.make()
        with served_database(folder) as running:
            os.environ["HUYING_DATABASE_URL"] = running.url(database.OWNER)
            prepare(folder, places, False, "", mark)
            from django.db import connections

            connections.close_all()
    own_everything(folder)
    say(f"{folder} is ready; serve it with: huying serve --data {folder}")


def migrate(data: DataOption = None) -> None:
    """Bring the schema up to date and set what each database role may do."""
    with on_deployment(data, owner=True):
        from huying.site.prepare import migrate as run

        run()
        say("the schema is up to date")


def worker() -> None:
    """Only the background worker (serve starts one itself); needs HUYING_DATABASE_URL or a served data
    folder.
    """
    from huying.site.worker import main

    main()


def manage(
    context: typer.Context,
    owner: Annotated[bool, typer.Option(help="Connect as the owner of the tables.")] = False,
    data: DataOption = None,
) -> None:
    """Any of Django's own commands, such as: huying manage showmigrations."""
    offline = {"makemigrations", "makemessages", "help", "version", "diffsettings"}
    from django.core.management import execute_from_command_line

    words = ["huying manage", *context.args]
    if context.args and context.args[0] in offline:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
        execute_from_command_line(words)
        return
    with on_deployment(data, owner=owner):
        execute_from_command_line(words)


def add(app: typer.Typer) -> None:
    """Add these commands at the top level."""
    app.command("setup")(setup)
    app.command("migrate")(migrate)
    app.command("worker")(worker)
    app.command("manage", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(manage)
