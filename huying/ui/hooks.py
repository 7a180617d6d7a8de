"""What the page frame has to ask of higher rooms: name of the place, who is signed in, where maps and photos go.

This room is the lowest layer and imports none of them; a room sets a hook in its AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Brand:
    """Name of the platform as the place calls it, and the name of the place (may be empty)."""

    name: str = ""
    place: str = ""


@dataclass(frozen=True)
class Who:
    """Who is signed in: display name, the post they act in, and lines of their menu (label, icon, url)."""

    name: str
    post: str = ""
    menu: Sequence[Mapping[str, Any]] = ()


def url_or_empty(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named view, or "" where no room has it."""
    return _address(name, *args, **kwargs) if args or kwargs else _fixed_address(name)


@lru_cache(
    maxsize=512
)  # which rooms there are does not change while a process lives, and a page's frame asks forty
def _fixed_address(name: str) -> str:
    return _address(name)


def _address(name: str, *args: Any, **kwargs: Any) -> str:
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def _brand(request: HttpRequest | None) -> Brand:
    return Brand()


def _who(request: HttpRequest | None) -> Who | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Who(name=user.get_full_name() if hasattr(user, "get_full_name") else str(user))


def _map_layers(request: HttpRequest | None) -> list[dict[str, Any]]:
    return []


def _map_lookup(request: HttpRequest | None) -> str:
    return ""


def _upload_url(request: HttpRequest | None) -> str:
    return url_or_empty("files:upload")


def _banner(request: HttpRequest | None) -> str:
    return ""


@dataclass
class Hooks:
    """The replaceable questions. Each takes the request (None outside of one)."""

    brand: Callable[[HttpRequest | None], Brand] = _brand
    who: Callable[[HttpRequest | None], Who | None] = _who
    #: layers of every map: [{"kind": "division"|"grid"|"points", "url": address of a GeoJSON}]
    map_layers: Callable[[HttpRequest | None], list[dict[str, Any]]] = _map_layers
    #: address that answers ?lon=&lat= with {"label": "…"}
    map_lookup: Callable[[HttpRequest | None], str] = _map_lookup
    #: address that takes one photo (multipart field "file") and answers {"id": "…"} or {"error": "…"}
    upload_url: Callable[[HttpRequest | None], str] = _upload_url
    #: a line over every page (demo clock, maintenance), "" for none
    banner: Callable[[HttpRequest | None], str] = _banner


hooks = Hooks()
