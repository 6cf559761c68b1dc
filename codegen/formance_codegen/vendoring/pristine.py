"""The files of a vendored client as they were generated, in one file beside them: what edits are told from."""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Final, TypeGuard

from formance_codegen.manifest import MANIFEST

ARCHIVE: Final = ".formance-codegen.pristine"
"""The file."""
_WIDTH: Final = 100
_MOST: Final = 256 * 1024 * 1024
"""How many bytes the texts may come to: the file may be anybody's."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the content of the file."""
    texts = {path: content.decode() for path, content in sorted(files.items()) if path not in (ARCHIVE, MANIFEST)}
    packed = base64.b64encode(zlib.compress(json.dumps(texts, ensure_ascii=False).encode(), 9)).decode()
    lines = (packed[start : start + _WIDTH] for start in range(0, len(packed), _WIDTH))
    return "".join(f"{line}\n" for line in lines).encode()


def unpack(content: bytes) -> Mapping[str, bytes]:
    """Return the files.

    Raises:
        ValueError: The content is not what `pack` gives.
    """
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(base64.b64decode(b"".join(content.split()), validate=True), _MOST)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not inflater.eof:
        raise ValueError("the file ends too early, or holds too much")
    files: object = json.loads(text)
    if not _is_object(files):
        raise ValueError("the file holds no list of files")
    return {path: each.encode() for path, each in files.items() if isinstance(each, str)}


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
