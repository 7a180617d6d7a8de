"""What the environment says: the data folder, the secret key, the database address. Used by settings only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from huying.site import database


class ConfigurationError(Exception):
    """An environment variable or a file of the deployment is wrong; the message names it."""


def flag(name: str, default: bool = False) -> bool:
    """The environment variable *name* as yes or no; raises ConfigurationError on anything else."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "yes", "true", "on", "0", "no", "false", "off"}:
        return value in {"1", "yes", "true", "on"} if value else default
    raise ConfigurationError(f"{name} is {value!r}; write yes or no")


def words(name: str) -> list[str]:
    """The environment variable *name* split at commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def data_folder() -> Path:
    """Where everything that is kept lives: HUYING_DATA, else /var/lib/huying as root, else the user's own
    folder.
    """
    wished = os.environ.get("HUYING_DATA")
    if wished:
        return Path(wished).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/huying")
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "huying"


def deployment(data: Path) -> dict[str, Any]:
    """What setup noted about the deployment in *data*: ``demo`` and ``clock`` (yes or no), ``places``; {} if
    nothing.
    """
    try:
        noted = json.loads((data / "deployment.json").read_text())
    except (FileNotFoundError, PermissionError):
        return {}
    except ValueError as problem:
        raise ConfigurationError(f"{data / 'deployment.json'} cannot be read: {problem}") from None
    return noted if isinstance(noted, dict) else {}


def note_deployment(data: Path, **changes: Any) -> dict[str, Any]:
    """Change what is noted about the deployment in *data*; returns all of it."""
    noted = deployment(data) | changes
    fresh = data / "deployment.json.new"
    fresh.write_text(json.dumps(noted, ensure_ascii=False, indent=1))
    fresh.replace(data / "deployment.json")
    return noted


def clock_file(data: Path) -> Path:
    """Where a demonstration keeps its clock."""
    return data / "clock.json"


def make_secret(path: Path, length: int = 50) -> str:
    """Write a new random secret to *path* with mode 0600, or read the one that is there."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as out:
        secret = secrets.token_urlsafe(length)
        out.write(secret + "\n")
    return secret


def secret_key(data: Path) -> str:
    """The deployment's secret key: HUYING_SECRET_KEY, else ``secret-key`` in the data folder (made by setup).

    Without either, a key for this process alone: commands work, but nobody stays signed in across restarts.
    """
    given = os.environ.get("HUYING_SECRET_KEY")
    if given:
        return given
    try:
        return (data / "secret-key").read_text().strip()
    except (FileNotFoundError, PermissionError):
        return secrets.token_urlsafe(50)


def database_settings(address: str, pool: int) -> dict[str, Any]:
    """Django's settings for the PostgreSQL at *address* (a postgresql:// URL); *pool* connections at most, 0
    for none.

    Any libpq parameter of the URL (sslmode, sslrootcert, connect_timeout …) is passed on.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = dict(conninfo_to_dict(address))
    except ProgrammingError as problem:
        raise ConfigurationError(f"the database address cannot be read: {str(problem).strip()}") from None
    options: dict[str, Any] = {}
    known = {
        "NAME": parts.pop("dbname", None) or database.DATABASE,
        "USER": parts.pop("user", None) or "",
        "PASSWORD": parts.pop("password", None) or "",
        "HOST": parts.pop("host", None) or "",
        "PORT": str(parts.pop("port", None) or ""),
    }
    parts.setdefault("connect_timeout", 5)
    parts.setdefault("application_name", "huying")
    options.update(parts)
    # The statements of the intake path are planned once per connection (huying/ledger/sql.py); without a threshold
    # psycopg would prepare none. A pooler that gives every transaction another session cannot keep them.
    options["prepare_threshold"] = 5 if flag("HUYING_PREPARED", default=True) else None
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5, "max_idle": 300}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "ATOMIC_REQUESTS": False,
    }
