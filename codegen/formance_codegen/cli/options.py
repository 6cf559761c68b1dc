"""Options that several commands share."""

from pathlib import Path
from typing import Final

import click

overlay_option: Final = click.option(
    "--overlay",
    "overlays",
    type=click.Path(path_type=Path),
    metavar="FILE",
    multiple=True,
    help="An OpenAPI Overlay to apply to the document first; may be repeated.",
)
