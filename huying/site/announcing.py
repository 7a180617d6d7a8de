"""What ``serve`` prints once it serves: addresses and, for a demonstration, who can sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def announcement(address: str, facts: Mapping[str, Any], demo: bool) -> str:
    """The lines for the terminal."""
    lines = ["", f"Huying 呼应 serves on {address}", ""]
    for screen in facts.get("screens") or []:
        lines.append(f"  {screen['name']:<28}{address}{screen['path']}")
    users: Sequence[Mapping[str, Any]] = facts.get("users") or []
    if users:
        lines += ["", "Sign-ins of this demonstration (all people are fictional):"]
        shown = [user for user in users if user.get("cast")] or list(users)
        width = max(len(str(user["username"])) for user in shown)
        for user in shown:
            who = f"{user.get('role', '')} {user.get('name', '')}".strip()
            lines.append(f"  {user['username']:<{width}}  {user['password']}  {who}")
        if len(shown) < len(users):
            lines.append(f"  … and {len(users) - len(shown)} more (--json lists all)")
    if facts.get("api_key"):
        lines += ["", f"API key: {facts['api_key']}"]
    if demo and not users:
        lines += ["", "This demonstration has no people yet."]
    lines += ["", "Ctrl-C stops everything."]
    return "\n".join(lines)
