"""Turn a wire name into an identifier that is allowed in its context."""

import keyword
import unicodedata
from typing import Final

from formance_codegen.naming.case import join_pascal, pascal, snake, upper
from formance_codegen.naming.reserved import Context


def is_public(name: str) -> bool:
    """Return whether a name that somebody chose can be one of Python that users see."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")


def attribute(text: str, *, context: Context, fallback: str) -> str:
    """Return ``text`` in snake case as an identifier: ``from`` gives ``from_``.

    ``fallback`` is the name of what has no words, and goes before a name that cannot begin an identifier.
    """
    return _freed(_begun(snake(text), fallback), context)


def constant(text: str, *, context: Context, fallback: str) -> str:
    """Return ``text`` in the case of constants as an identifier: ``1`` with the fallback VALUE gives ``VALUE_1``."""
    return _freed(_begun(upper(text), fallback), context)


def class_name(parts: tuple[str, ...]) -> str:
    """Return ``parts`` in Pascal case as one identifier that begins with a capital: ``2fa`` gives ``Model2fa``.

    The capital keeps classes apart from fields, parameters and modules in scripts without case, too. The name may be
    reserved: who asks has better choices than an underscore.
    """
    name = join_pascal(tuple(pascal(part) for part in parts))
    # Normal once more: a mark at the beginning of the name goes with the letter before it.
    return name if name[:1].isupper() and name.isidentifier() else unicodedata.normalize("NFKC", f"Model{name}")


def shortened(name: str) -> str:
    """Return a name as far as a file or a folder may be called so."""
    encoded = name.encode()
    return name if len(encoded) <= _LONGEST else encoded[:_LONGEST].decode(errors="ignore").rstrip("_")


_LONGEST: Final = 120
"""In bytes of UTF-8; file systems hold 255, and the number and the suffix of a file need some."""


def _begun(name: str, fallback: str) -> str:
    if not name:
        return fallback
    return name if name.isidentifier() else f"{fallback}_{name}"


def _freed(name: str, context: Context) -> str:
    return f"{name}_" if context.forbids(name) else name
