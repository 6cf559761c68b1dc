"""The files of a vendored client as they were generated, in one file beside them: what edits are told from."""

import base64
import bz2
from collections.abc import Mapping
from typing import Final

ARCHIVE: Final = ".formance-codegen.pristine"
"""The file."""
_HEAD: Final = "# The files as formance-codegen wrote them, packed: `vendor --update` tells edits from them."
_MOST: Final = 256 * 1024 * 1024
"""How many bytes the files may come to: the archive may be anybody's."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the content of the file: a line for each file, so that a change of one is a change of one line.

    It is bzip2, whose output is the same everywhere; zlib has several implementations, which differ.
    """
    lines = (f"{path} {base64.b85encode(bz2.compress(content)).decode()}" for path, content in sorted(files.items()))
    return "".join(f"{line}\n" for line in (_HEAD, *lines)).encode()


def unpack(content: bytes) -> Mapping[str, bytes]:
    """Return the files.

    Raises:
        ValueError: The content is not what `pack` gives; a merge may have left it in conflict.
    """
    head, *lines = content.decode().splitlines() or [""]
    if head != _HEAD:
        raise ValueError("the archive does not begin as one")
    files: dict[str, bytes] = {}
    left = _MOST
    for number, line in enumerate(lines, start=2):
        path, _, packed = line.partition(" ")
        if path in files:
            raise ValueError(f"line {number} tells of {path} again")
        files[path] = _inflated(packed, left, number)
        left -= len(files[path])
    return files


def _inflated(packed: str, most: int, number: int) -> bytes:
    inflater = bz2.BZ2Decompressor()
    try:
        content = inflater.decompress(base64.b85decode(packed), most)
    except (OSError, ValueError) as error:
        raise ValueError(f"line {number} is damaged: {error}") from None
    if not inflater.eof:
        raise ValueError(f"line {number} ends too early, or holds too much")
    return content
