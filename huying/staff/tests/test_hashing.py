"""Passwords are kept with Argon2."""

from importlib import import_module

from django.contrib.auth.hashers import make_password


def test_argon2_is_what_the_settings_name(settings):
    settings.PASSWORD_HASHERS = import_module("huying.site.settings").PASSWORD_HASHERS
    assert make_password("x" * 12).startswith("argon2$argon2id$")
