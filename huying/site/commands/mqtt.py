"""``huying mqtt``: the bridge to an MQTT broker."""

from __future__ import annotations

import os
import signal
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, on_deployment, say


def mqtt(
    url: Annotated[
        str, typer.Option(help="The broker: mqtt://HOST:1883 or mqtts://HOST:8883 (or HUYING_MQTT_URL).")
    ] = "",
    prefix: Annotated[str, typer.Option(help="What all topics begin with.")] = "huying",
    data: DataOption = None,
) -> None:
    """Take calls from an MQTT broker and tell it what became of cases (docs/interfaces.md).

    The API key it acts with comes from HUYING_MQTT_KEY, never from the command line, where others could read it.
    """
    key = os.environ.get("HUYING_MQTT_KEY", "")
    if not key:
        say("HUYING_MQTT_KEY is empty: make a key with the scope cases:write and put it there.")
        raise typer.Exit(2)
    with on_deployment(data):
        from huying.api.mqtt import Bridge, serve
        from huying.api.problems import Problem

        def ready(bridge: Bridge) -> None:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: bridge.stop())
            say(f"serving {bridge.base}/calls at {bridge.broker.host}:{bridge.broker.port}")

        try:
            serve(url or os.environ.get("HUYING_MQTT_URL", ""), key, prefix, ready)
        except ValueError as problem:
            say(str(problem))
            raise typer.Exit(2) from None
        except Problem as problem:
            say(f"the key cannot be used: {problem.code}")
            raise typer.Exit(2) from None
