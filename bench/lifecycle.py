"""Whole lives of cases over the API: report → sign in → done → verified → rated, beside cases held.

    script/bench lifecycle [--held 0,100000,1000000] [--runs 5] [--seconds 6] [--connections 8]

One deployment for each number of cases held, all served at once and measured in turn (interleaved), so that what the
machine does besides falls on all of them; the median of the runs counts. Fields: per_s_0, per_s_1e5, per_s_1e6.
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
from collections.abc import Generator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _deployment, _load

STALL = "占道经营，小摊贩把人行道占了，行人只能走车道。"
DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip
CLOSED_TEMPLATES, OPEN_TEMPLATES = 60, 120

Script = Generator[bytes, tuple[int, bytes], None]


def life(keys: dict[str, str], point: tuple[float, float]) -> Script:
    """The requests of one case, from the call to its rating."""

    def move(who: str, name: str, data: dict[str, Any], seen: int) -> bytes:
        body = {"move": name, "data": data, "seen": seen}
        return _load.request(f"/api/v1/cases/{number}/moves", keys[who], body, uuid.uuid4().hex)

    call = {"body": STALL, "lon": point[0], "lat": point[1], "reporter": {"me": True}}
    status, answer = yield _load.request("/api/v1/cases", keys["resident"], call, uuid.uuid4().hex)
    _expect(status, 201, answer)
    number = json.loads(answer)["number"]
    steps = (
        ("officer", "sign_in", {}),
        ("officer", "done", DONE),
        ("desk", "pass", {"solved": "solved", "public_reply": "摊位已清理。"}),
        ("resident", "rated", {"satisfaction": "satisfied", "comment": "很快"}),
    )
    for seen, (who, name, data) in enumerate(steps, 1):
        status, answer = yield move(who, name, data, seen)
        _expect(status, 200, answer)


def _expect(status: int, wanted: int, answer: bytes) -> None:
    if status != wanted:
        raise RuntimeError(f"{status} instead of {wanted}: {answer[:400].decode()}")


def lives(
    port: int, keys: dict[str, str], point: tuple[float, float], connections: int, seconds: float
) -> float:
    """Whole lives a second over *connections*; those begun are finished and count."""
    selector = selectors.DefaultSelector()
    started = last = time.perf_counter()
    until = started + seconds
    done = 0
    for _ in range(connections):
        line = _load._Connection(("127.0.0.1", port))
        script = life(keys, point)
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
                    ready.data[1] = life(keys, point)
                    line.send(next(ready.data[1]))
                else:
                    selector.unregister(line.socket)
                    line.socket.close()
    return done / (last - started)


def prepare(one: _deployment.Deployment, held: int) -> dict[str, Any]:
    """People, keys, templates and *held* cases on a deployment; in a process of its own, since Django is set up once."""
    command = [
        sys.executable,
        str(Path(__file__).resolve()),
        "--prepare",
        str(one.data),
        str(one.port),
        str(held),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _prepare(data: Path, port: int, held: int) -> None:
    one = _deployment.Deployment(data)
    one.port = port
    _deployment.setup_django(one)
    import psycopg

    from bench import _fill, _messages
    from huying.places.models import Place
    from huying.site import database
    from huying.staff.models import Person

    place = Place.objects.get()
    people = {
        "desk": _deployment.person_with_post("bench-desk", "centre_desk", organ="centre"),
        "officer": _deployment.person_with_post("bench-officer", "officer", organ="chengguan"),
        "resident": Person.objects.filter(username="bench-resident").first()
        or Person.objects.create(
            place=place, username="bench-resident", name="bench", kind="resident", is_active=True
        ),
    }
    keys = {who: _deployment.key_for(person) for who, person in people.items()}
    messages = _messages.of_place(place.pk)
    point = messages.points[0]
    if held:
        for _ in range(CLOSED_TEMPLATES // 8):
            lives(port, keys, point, 8, 0.0)
        calls = [
            _load.request("/api/v1/cases", keys["desk"], messages.one(), uuid.uuid4().hex)
            for _ in range(OPEN_TEMPLATES)
        ]
        _load.run(port, iter(calls), seconds=120)
        time.sleep(8)  # until the words of the templates are there to be copied
        url = database.url(database.socket_folder(data), database.OWNER)
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.cursor()
            _fill.fill(cursor, place.pk, 0, held)
            _fill.settle(cursor)
    print(json.dumps({"keys": keys, "point": point, "place_id": place.pk}))


def name_of(held: int) -> str:
    """per_s_0, per_s_1e5 …"""
    power = f"{held:e}".replace(".000000", "").replace("e+0", "e")
    return f"per_s_{power if held else 0}"


def main() -> int:
    """Measure and print."""
    if sys.argv[1:2] == ["--prepare"]:
        _prepare(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", default="0,100000,1000000")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    sizes = [int(text) for text in options.held.split(",")]
    told: dict[str, Any] = {"bench": "lifecycle", "connections": options.connections, "runs": options.runs}
    told |= _deployment.machine()
    with contextlib.ExitStack() as stack:
        ready = []
        for held in sizes:
            one = stack.enter_context(_deployment.served())
            started = time.perf_counter()
            facts = prepare(one, held)
            print(f"{held} cases held after {time.perf_counter() - started:.0f} s", file=sys.stderr)
            ready.append((held, one, facts))
        found: dict[int, list[float]] = {held: [] for held in sizes}
        for run in range(-1, options.runs):  # the first warms up
            for held, one, facts in ready:
                per_s = lives(
                    one.port,
                    facts["keys"],
                    facts["point"],
                    options.connections,
                    options.seconds if run >= 0 else 2,
                )
                if run >= 0:
                    found[held].append(per_s)
    for held, values in found.items():
        told[name_of(held)] = round(statistics.median(values), 1)
        told[f"{name_of(held)}_runs"] = [round(value, 1) for value in values]
    if len(sizes) > 1:
        told["ratio"] = round(told[name_of(sizes[-1])] / told[name_of(sizes[0])], 3)
    print(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
