"""Model files: numpy arrays and nothing else. They are never unpickled, so a foreign file cannot run code."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_arrays(path: str | Path, kind: str, **arrays: NDArray[Any]) -> None:
    """Write a compressed ``.npz`` in one step: readers see the old file or the new one, never a part.

    Raises TypeError for an array of objects.
    """
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"array {name!r} holds objects")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            # The stubs take every other keyword for the flag allow_pickle.
            np.savez_compressed(stream, kind=np.array(kind, dtype=np.str_), **arrays)  # type: ignore[arg-type]
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_arrays(path: str | Path, kind: str) -> dict[str, NDArray[Any]]:
    """The arrays of a model file. Raises FileNotFoundError, or ValueError when it is not such a model."""
    foreign = f"{path} is not a model of kind {kind}"
    with open(path, "rb") as stream:
        if not zipfile.is_zipfile(stream):
            raise ValueError(foreign)
    try:
        with np.load(Path(path), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (zipfile.BadZipFile, EOFError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(foreign) from error
    if "kind" not in arrays or str(arrays.pop("kind")) != kind:
        raise ValueError(foreign)
    return arrays
