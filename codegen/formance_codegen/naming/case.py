"""Write a wire name in the cases that Python uses."""

import unicodedata

from formance_codegen.naming.words import split


def snake(text: str) -> str:
    """Return ``text`` in snake case: ``accountIDsToURLs`` gives ``account_ids_to_urls``; "" where it has no words."""
    return "_".join(split(text))


def upper(text: str) -> str:
    """Return ``text`` in the case of constants: ``fooBar`` gives ``FOO_BAR``."""
    return unicodedata.normalize("NFKC", snake(text).upper())


def kebab(text: str) -> str:
    """Return ``text`` in kebab case, as distributions are named: ``fooBar`` gives ``foo-bar``."""
    return "-".join(split(text))


def pascal(text: str) -> str:
    """Return ``text`` in the case of classes: ``sepa debit`` gives ``SepaDebit``.

    A name that already is in this case stays as it is: ``OIDCConfig``. Digits of two words stay apart: ``2.1`` gives
    ``2_1``.
    """
    if text.isidentifier() and text[0].isupper() and "_" not in text and unicodedata.is_normalized("NFKC", text):
        return text
    return join_pascal(split(text))


def join_pascal(parts: tuple[str, ...]) -> str:
    """Return words, or names in Pascal case, as one name in Pascal case."""
    name = ""
    for part in parts:
        glue = "_" if name[-1:].isdigit() and part[:1].isdigit() else ""
        name += glue + part[:1].upper() + part[1:]
    return unicodedata.normalize("NFKC", name)


def wire_name(name: str) -> str:
    """Return the camel case name that a name in snake case stands for: ``page_size`` gives ``pageSize``.

    The runtime of the clients has the same rule (``wire_name`` in its module ``model``): a name that it recovers needs
    no alias in the generated code. A trailing underscore vanishes, so that ``from_`` stands for ``from``.
    """
    first, *others = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)
