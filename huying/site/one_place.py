"""Which place a command is about."""

from __future__ import annotations

from huying.site.environment import ConfigurationError


def place_id(code: str = "") -> int:
    """The number of the place with that code, or of the only one. Raises ConfigurationError naming the
    choices.
    """
    from huying.places.models import Place

    places = dict(Place.objects.order_by("code").values_list("code", "id"))
    if code in places:
        return int(places[code])
    if not code and len(places) == 1:
        return int(next(iter(places.values())))
    if not places:
        raise ConfigurationError(
            "this deployment has no place yet; publish a preset first: huying preset publish"
        )
    raise ConfigurationError(f"say which place with --place: {', '.join(map(str, places))}")
