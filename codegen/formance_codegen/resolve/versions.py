"""Drop the prefix of a version from a name that stands inside the namespace of that version."""

from formance_codegen.naming.words import split


def drop_version(name: str, version: str) -> str:
    """Return ``name`` without the prefix ``version``: ``V2Account`` and ``v2`` give ``Account``.

    The case of the prefix does not matter. The name stays whole where nothing remains, or what begins with a digit.
    """
    if not version or not name.lower().startswith(version):
        return name
    rest = name[len(version) :]
    words = split(rest)
    return rest if words and not words[0][0].isdigit() else name
