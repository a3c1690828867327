"""Options that every command has, and what they lead to."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Format = Literal["table", "json"]

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="The operator's file; default: $PMSYNC_CONFIG or ./pmsync.yaml."),
]
ProductOption = Annotated[
    list[str] | None,
    typer.Option("--product", help="Only this product; may be given several times."),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="How results are written to standard output.")
]
OnlyOption = Annotated[
    Literal["rank", "pages"] | None,
    typer.Option("--only", help="Leave out the other half of the work."),
]
FullOption = Annotated[
    bool, typer.Option("--full", help="Fetch every issue again instead of what changed.")
]
AnewOption = Annotated[
    bool,
    typer.Option(
        "--anew",
        help="Make pages of ours again that were deleted for good, or that the account cannot see"
        " any more; otherwise they are held. Those in trash or archive stay there.",
    ),
]
