"""The names of the package, the distribution and the clients."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from formance_codegen.naming import PyName
from formance_codegen.naming.case import join_pascal
from formance_codegen.naming.reserved import CLASS
from formance_codegen.naming.words import split

_EMPTY_WORDS: Final = frozenset(
    {"api", "apis", "client", "http", "openapi", "rest", "service", "spec", "specification", "swagger", "version"}
)
"""What says nothing of a service at the end of its title."""
_VERSION_WORD: Final = re.compile(r"v?\d+")
_FALLBACK: Final = "api"
_LONGEST: Final = 60
"""Characters of a title that the names of a package are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageNames:
    """The names that a whole package has."""

    package: PyName
    distribution: str
    client: PyName
    async_client: PyName
    stem: str
    """What the names of the package's own classes begin with: ``Ledger``."""


def name_package(title: str, *, package: str | None, distribution: str | None, client: str | None) -> PackageNames:
    """Return the names of the package of a document with ``title``; what is not None is taken as it is."""
    chosen = package or "_".join((*_subject(title), "client"))
    client_class = client or _client_class(split(chosen))
    return PackageNames(
        package=PyName(chosen),
        distribution=distribution or chosen.strip("_").replace("_", "-"),
        client=PyName(client_class),
        async_client=PyName(f"Async{client_class}"),
        stem=client_class.removesuffix("Client") or client_class,
    )


def _subject(title: str) -> tuple[str, ...]:
    """Return the words of a title that tell what it is about, in ASCII, as distributions are named."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    words = list(split(plain)) if any(character.isalnum() for character in plain) else []
    while words and (words[-1] in _EMPTY_WORDS or _VERSION_WORD.fullmatch(words[-1]) or words[-2:] == ["open", "api"]):
        words.pop()
        if words[-1:] == ["open"]:
            words.pop()
    if not words or words[0][0].isdigit():
        words.insert(0, _FALLBACK)
    return tuple(_short(words))


def _short(words: list[str]) -> Iterator[str]:
    """Yield the first words, as many as make a name that can be typed."""
    left = _LONGEST
    for word in words:
        if left <= 0:
            return
        yield word[:left]
        left -= len(word) + 1


def _client_class(words: tuple[str, ...]) -> str:
    """Return the class name of the sync client: the words, and Client behind them."""
    subject = words[:-1] if words[-1:] == ("client",) else words
    name = join_pascal((*(word.capitalize() for word in subject), "Client"))
    return join_pascal((name.removesuffix("Client"), "ApiClient")) if CLASS.forbids(name) else name
