"""JSONPath queries (RFC 9535): which parts of some data they select."""

import re
from typing import Final

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from formance_codegen.load.json_value import JsonValue
from formance_codegen.pointer import ROOT, Pointer, join

_STRICT: Final = JSONPathEnvironment(strict=True)
"""Without what the library adds to the standard."""

_TOKEN: Final = re.compile(r"'?TOKEN_(\w+)'?")


class Query:
    """A query that was read, and can be asked of any data.

    Raises:
        ValueError: The text is no query of RFC 9535; the message says why.
    """

    def __init__(self, text: str) -> None:
        if not text.startswith("$"):
            raise ValueError("it does not begin with $")
        try:
            compiled = _STRICT.compile(text)
        except JSONPathError as error:
            raise ValueError(_cause(error, text)) from None
        # What joins several paths is no part of the standard.
        assert isinstance(compiled, JSONPath)
        self._path = compiled

    def select(self, data: JsonValue) -> tuple[Pointer, ...]:
        """Return what the query selects in an object or an array, each part once, in the order of the data.

        Raises:
            ValueError: The query cannot be followed to its end.
        """
        if not isinstance(data, dict | list):
            return ()
        try:
            return tuple(dict.fromkeys(join(ROOT, *match.parts) for match in self._path.finditer(data)))
        except JSONPathError as error:
            raise ValueError(str(error.message)) from None


def _cause(error: JSONPathError, text: str) -> str:
    """Return the complaint of the library in words that a user knows."""
    message = _TOKEN.sub(lambda found: found[1].lower().replace("_", " "), str(error.message))
    index = -1 if error.token is None else error.token.index
    if 0 <= index < len(text):
        return f"{message}, at character {index + 1}"
    return message
