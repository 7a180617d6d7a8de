"""``huying text``: train and evaluate the suggestion."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from huying.site.commands.common import DataOption, JsonOption, offered, on_deployment, out, say
from huying.site.environment import data_folder

app = typer.Typer(help="Train and evaluate the suggestion of items.", no_args_is_help=True)

FileArgument = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="CSV with title, label and optionally text.")
]
ModelOption = Annotated[Path | None, typer.Option(help="The model's file (default: the deployment's own).")]


def _own(data: Path | None) -> Path:
    return (data or data_folder()).absolute() / "models" / "text.npz"


@app.command()
def train(
    file: FileArgument, model: ModelOption = None, data: DataOption = None, json: JsonOption = False
) -> None:
    """Train from labelled rows; the model file holds arrays only."""
    target = model or _own(data)
    target.parent.mkdir(parents=True, exist_ok=True)
    result = offered("suggest", "train")(file, target)
    if model is None:
        from huying.site.running import own_everything

        own_everything(target.parent.parent)
    say(f"trained: {target}")
    out(result, json)


@app.command()
def evaluate(
    file: FileArgument,
    model: ModelOption = None,
    folds: Annotated[
        int, typer.Option(help="Cross-validate on FILE with so many folds instead of judging a model.")
    ] = 0,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Accuracy, macro-F1 and figures per label of a trained model on labelled rows."""
    if folds:
        out(offered("suggest", "evaluate")(file, folds=folds), json)
        return
    source = model or _own(data)
    if not source.is_file():
        raise FileNotFoundError(f"no model in {source}; train one first: huying text train FILE.csv")
    out(offered("suggest", "evaluate")(file, source), json)


@app.command()
def corrections(output: Path, data: DataOption = None) -> None:
    """Write what the desk corrected as rows to train from."""
    with on_deployment(data):
        out(offered("cases", "corrections")(output))
