"""Whole lives of cases over the API, from the call to the rating, beside cases held.

    script/bench lifecycle [--held 0,100000,1000000] [--runs 5] [--seconds 6] [--connections 8] [--place huinan]
    script/bench lifecycle --place zhenlai --four [--held 1000000]

One deployment for each number of cases held, all served at once and measured in turn (interleaved), so that what the
machine does besides falls on all of them; the median of the runs counts. Fields: per_s_0, per_s_1e5, per_s_1e6, and
``ratio``: the last against the first.

With ``--four`` there are two: one that knows the place alone and holds no cases (``per_s_alone``), and one with all
four shipped places that holds *held* cases, a quarter in each place, multiplied from a play of that place's own flow
(``per_s_four``). In both the lives are of ``--place``; ``ratio`` is four against alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import selectors
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _deployment, _lives, _load

FOUR = ("huinan", "zhenlai", "zhenjiang", "dashiqiao")
CLOSED_TEMPLATES, OPEN_TEMPLATES = 60, 120
PLAYED, DAYS = 80, 12  # cases of a play that are multiplied, and its days


def lives(
    port: int, place: str, keys: dict[str, str], point: Sequence[float], connections: int, seconds: float
) -> float:
    """Whole lives a second over *connections*; those begun are finished and count."""
    way = _lives.WAYS[place]
    selector = selectors.DefaultSelector()
    started = last = time.perf_counter()
    until = started + seconds
    done = 0
    for _ in range(connections):
        line = _load._Connection(("127.0.0.1", port))
        script = _lives.life(way, keys, point)
        line.send(next(script))
        selector.register(line.socket, selectors.EVENT_READ, [line, script])
    while selector.get_map():
        for ready, _ in selector.select(30):
            line, script = ready.data
            answer = line.receive()
            if answer is None:
                continue
            last = time.perf_counter()
            try:
                line.send(script.send(answer))
            except StopIteration:
                done += 1
                if last < until:
                    ready.data[1] = _lives.life(way, keys, point)
                    line.send(next(ready.data[1]))
                else:
                    selector.unregister(line.socket)
                    line.socket.close()
    return done / (last - started)


def prepare(one: _deployment.Deployment, place: str, held: int, four: bool) -> dict[str, Any]:
    """People, keys, templates and *held* cases on a deployment; in a process of its own, since Django is set up once."""
    about = {"data": str(one.data), "port": one.port, "place": place, "held": held, "four": four}
    command = [sys.executable, str(Path(__file__).resolve()), "--prepare", json.dumps(about)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _prepare(data: Path, port: int, name: str, held: int, four: bool) -> None:
    one = _deployment.Deployment(data)
    one.port = port
    _deployment.setup_django(one)
    import psycopg

    from bench import _fill, _messages
    from huying.places import memory
    from huying.places.models import Place
    from huying.site import database
    from huying.staff.models import Person

    way = _lives.WAYS[name]
    place = Place.objects.get(code=_code(name))
    people = {
        who: _deployment.person_with_post(f"bench-{who}", place=place, **post)
        for who, post in way.people.items()
    }
    people["resident"] = Person.objects.filter(username="bench-resident").first() or Person.objects.create(
        place=place, username="bench-resident", name="bench", kind="resident", is_active=True
    )
    keys = {who: _deployment.key_for(person) for who, person in people.items()}
    messages = _messages.of_place(place.pk)
    point: Sequence[float] = messages.points[0]
    if way.at:
        known = memory.of(place.pk)
        grids = (row for row in known.grids["general"] if row.code.startswith(way.at) and row.centre)
        point = next(row.centre for row in grids if row.centre)
    url = database.url(database.socket_folder(data), database.OWNER)
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor()
        if four:
            for other in FOUR if held else ():
                place_id = _played(other)
                _fill.fill(cursor, place_id, 0, held // len(FOUR))
        elif held:
            for _ in range(CLOSED_TEMPLATES // 8):
                lives(port, name, keys, point, 8, 0.0)
            calls = [
                _load.request("/api/v1/cases", keys["desk"], messages.one(), uuid.uuid4().hex)
                for _ in range(OPEN_TEMPLATES)
            ]
            _load.run(port, iter(calls), seconds=120)
            time.sleep(8)  # until the words of the templates are there to be copied
            _fill.fill(cursor, place.pk, 0, held)
        if held:
            _fill.settle(cursor)
    print(json.dumps({"keys": keys, "point": point, "place_id": place.pk}))


def _played(name: str) -> int:
    """A place after a play of its own flow by its own demo people: the templates of its cases."""
    from huying.places.models import Place
    from huying.site.demo_people import people
    from huying.site.population import password
    from huying.testing.demo.populate import populate

    people(_deployment.ROOT / "presets" / name, _deployment.Kept(), password)
    place = Place.objects.get(code=_code(name))
    populate(place.pk, PLAYED, DAYS)
    return place.pk


def _code(name: str) -> str:
    from ruamel.yaml import YAML

    about = YAML(typ="safe").load(_deployment.ROOT / "presets" / name / "place.yaml")
    return str(about["code"])


def name_of(held: int) -> str:
    """per_s_0, per_s_1e5 …"""
    power = f"{held:e}".replace(".000000", "").replace("e+0", "e")
    return f"per_s_{power if held else 0}"


def main() -> int:
    """Measure and print."""
    if sys.argv[1:2] == ["--prepare"]:
        about = json.loads(sys.argv[2])
        _prepare(Path(about["data"]), about["port"], about["place"], about["held"], about["four"])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", default="")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--place", default=_deployment.PLACE, choices=sorted(_lives.WAYS))
    parser.add_argument("--four", action="store_true")
    options = parser.parse_args()
    told: dict[str, Any] = {"bench": "lifecycle", "place": options.place, "connections": options.connections}
    told |= {"runs": options.runs} | _deployment.machine()
    if options.four:
        held = int(options.held or 1_000_000)
        told["held"] = held
        which = {"per_s_alone": (0, (options.place,)), "per_s_four": (held, FOUR)}
    else:
        sizes = [int(text) for text in (options.held or "0,100000,1000000").split(",")]
        which = {name_of(held): (held, (options.place,)) for held in sizes}
    with contextlib.ExitStack() as stack:
        ready = []
        for name, (held, places) in which.items():
            one = stack.enter_context(_deployment.served(places=places))
            started = time.perf_counter()
            facts = prepare(one, options.place, held, options.four)
            print(f"{name}: {held} cases held after {time.perf_counter() - started:.0f} s", file=sys.stderr)
            ready.append((name, one, facts))
        found: dict[str, list[float]] = {name: [] for name in which}
        for run in range(-1, options.runs):  # the first warms up
            seconds = options.seconds if run >= 0 else 2
            for name, one, facts in ready:
                per_s = lives(
                    one.port, options.place, facts["keys"], facts["point"], options.connections, seconds
                )
                if run >= 0:
                    found[name].append(per_s)
    for name, values in found.items():
        told[name] = round(statistics.median(values), 1)
        told[f"{name}_runs"] = [round(value, 1) for value in values]
    if len(found) > 1:
        first, *_, last = found
        told["ratio"] = round(told[last] / told[first], 3)
    print(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
