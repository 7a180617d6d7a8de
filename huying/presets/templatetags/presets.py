"""``{% word "case" %}``: the place's own word, in the language of the page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import get_language

from huying.presets.definition import Preset
from huying.presets.words import word as place_word

register = template.Library()


def preset_of(context: Context) -> Preset | None:
    """The preset of the page: the variable `preset_of_place`, or `request.preset`."""
    found: Any = context.get("preset_of_place") or getattr(context.get("request"), "preset", None)
    return found if isinstance(found, Preset) else None


@register.simple_tag(takes_context=True)
def word(context: Context, key: str) -> str:
    """The place's word for *key*. A mapping `place_words` in the context comes first."""
    own = context.get("place_words")
    if own and key in own:
        return str(own[key])
    return place_word(preset_of(context), key, get_language() or "zh")
