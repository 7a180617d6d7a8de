"""Addresses of this room: one module ``urls_<family>.py`` for each family of screens, found by its name."""

from importlib import import_module
from pathlib import Path

app_name = "cases"

urlpatterns = [
    pattern
    for module in sorted(path.stem for path in Path(__file__).parent.glob("urls_*.py"))
    for pattern in import_module(f"{__package__}.{module}").urlpatterns
]
