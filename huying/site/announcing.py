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
        places = list(dict.fromkeys(str(user.get("place", "")) for user in users))
        for place in places:
            if len(places) > 1:
                lines += ["", f"  {(facts.get('places') or {}).get(place) or place}"]
            lines += _sign_ins([user for user in users if str(user.get("place", "")) == place])
    if facts.get("api_key"):
        lines += ["", f"API key: {facts['api_key']}"]
    if demo and not users:
        lines += ["", "This demonstration has no people yet."]
    lines += ["", "Ctrl-C stops everything."]
    return "\n".join(lines)


def _sign_ins(users: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line for whoever stands for a role, one for all the others of the place."""
    shown = [user for user in users if user.get("cast")] or list(users)
    width = max(len(str(user["username"])) for user in shown)
    lines = [
        f"  {user['username']:<{width}}  {user['password']}  {user.get('name', '')} {_role(user)}".rstrip()
        for user in shown
    ]
    others = [user for user in users if user not in shown]
    if others:
        words = {user["password"] for user in others}
        told = f"all with the password {words.pop()}" if len(words) == 1 else "--json lists all"
        lines.append(f"  … and {len(others)} more, such as {others[0]['username']}: {told}")
    return lines


def _role(user: Mapping[str, Any]) -> str:
    """What somebody is in words, and the code by which presets and documents name it."""
    code, name = user.get("role", ""), user.get("role_name", "")
    return f"{name} ({code})" if name else str(code)
