"""Everything that must be in place before the web starts: schema, rights, presets, static files, the
demonstration.

Run by ``serve`` and ``huying setup`` in a process of its own, as the owner of the tables, only when something
that
goes into it changed. Every step can be repeated.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huying.site.environment import clock_file, deployment, note_deployment
from huying.site.population import PopulationError
from huying.site.prepare_stamp import preset_folder


def say(words: str) -> None:
    """A line for whoever watches."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201 - the terminal is the interface


class PrepareError(Exception):
    """It cannot be set up; the message says why."""


def choose_demo(data: Path, demo: bool, clock: str, places: Sequence[str]) -> None:
    """Note what kind of deployment this is, before Django reads it. A real one never becomes a
    demonstration.
    """
    noted = deployment(data)
    if noted and demo and not noted.get("demo"):
        raise PrepareError(
            f"{data} holds a real deployment, which is never turned into a demonstration; "
            "add --no-demo or choose another --data"
        )
    if clock and not (demo or noted.get("demo")):
        raise PrepareError("--clock is only for a demonstration")
    changes: dict[str, Any] = {"places": list(places)}
    if not noted:
        changes["demo"] = demo
    if clock:
        changes["clock"] = True
        if not clock_file(data).exists():
            from huying.clock import DemoClock
            from huying.site.moments import moment

            DemoClock(clock_file(data)).set(moment(clock))
    note_deployment(data, **changes)


def migrate() -> None:
    """Bring the schema up to date, set what each database role may do, make the ledger's keys."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from huying.ledger.commands import grant_roles, setup_keys

    grant_roles()
    setup_keys()


def static_files(data: Path) -> None:
    """Collect, hash and compress what the browser loads."""
    from django.conf import settings
    from django.core.management import call_command

    folder = data / "static"
    settings.STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STATIC_ROOT = folder
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)


def prepare(data: Path, places: Sequence[str], demo: bool, clock: str, mark: str) -> dict[str, Any]:
    """Do all of it; returns and writes (``prepared.json``, mode 0600) the facts that ``serve`` announces."""
    choose_demo(data, demo, clock, places)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
    import django

    django.setup()
    say("bringing the schema up to date")
    migrate()
    from huying.site import population

    for place in places:
        folder = preset_folder(place)
        say(f"publishing the preset {folder.name}")
        population.publish(folder)
    say("collecting static files")
    static_files(data)
    facts: dict[str, Any] = {}
    if deployment(data).get("demo"):
        say("populating the demonstration (only once)")
        facts = population.populate([preset_folder(place) for place in places], data)
    facts |= {"stamp": mark, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    fresh = data / "prepared.json.new"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds the demo's passwords
    with os.fdopen(handle, "w") as out:
        json.dump(facts, out, ensure_ascii=False)
    fresh.replace(data / "prepared.json")
    return facts


def main() -> int:
    """Read the plan (one JSON argument) and carry it out on HUYING_DATA."""
    plan = json.loads(sys.argv[1])
    try:
        prepare(Path(os.environ["HUYING_DATA"]), plan["places"], plan["demo"], plan["clock"], plan["stamp"])
    except (PrepareError, PopulationError, FileNotFoundError, ValueError) as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
