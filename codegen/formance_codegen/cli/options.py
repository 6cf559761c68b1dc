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

ref_root_option: Final = click.option(
    "--ref-root",
    "ref_roots",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    multiple=True,
    help="A folder whose files a $ref may lead to, besides that of the document; may be repeated.",
)

remote_option: Final = click.option(
    "--allow-remote",
    is_flag=True,
    help="Let a $ref lead to the network; what is fetched is kept beside the document and pinned in refs.lock.",
)
