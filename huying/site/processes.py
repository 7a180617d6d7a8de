"""Looking at processes through /proc."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path


def alive(pid: int) -> bool:
    """True when process *pid* runs. A zombie (killed, not yet collected) counts as dead."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    except (OSError, IndexError):
        return True
    return state not in {"Z", "X"}


def die_with_parent(sign: int) -> None:
    """In a child just forked: get the signal *sign* should the parent die (Linux only, nothing elsewhere)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(1, sign)


def living_in(folder: Path) -> list[int]:
    """The pids of live processes whose working folder is *folder*; every PostgreSQL process works in its
    data.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.readlink(entry / "cwd") == str(folder) and alive(int(entry.name)):
                    found.append(int(entry.name))
    return found
