"""Names for the parts of other documents among the components of the one that they come into."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from formance_codegen.load.addresses import Address
from formance_codegen.load.library import Place, stem
from formance_codegen.load.structure import Kind
from formance_codegen.pointer import tokens

_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")
"""What the name of a component must not have (OpenAPI 3.1.1, section 4.8.7)."""


class Target(NamedTuple):
    """A part of another document that is referred to, as an object of a kind."""

    kind: Kind
    place: Place


def name_targets(targets: Iterable[Target], taken: Mapping[Kind, frozenset[str]]) -> dict[Target, str]:
    """Return a name for each target that no other of its kind has.

    It is the last token of the pointer, or the name of the file; where that is not enough, the name of the file and
    of its folder are put before, and last a number behind. So a name depends on what it collides with, and on no order.

    Args:
        targets: What wants a name.
        taken: The names that the main document has given, by kind.
    """
    named: dict[Target, str] = {}
    used = {kind: set(names) for kind, names in taken.items()}
    waiting = sorted(set(targets), key=lambda target: (target.kind.value, target.place))
    for words in (1, 2, 3):
        wanted = {target: _name(target.place, words) for target in waiting}
        counts = Counter((target.kind, name) for target, name in wanted.items())
        free = {
            target: name
            for target, name in wanted.items()
            if counts[target.kind, name] == 1 and name not in used.get(target.kind, ())
        }
        for target, name in free.items():
            used.setdefault(target.kind, set()).add(name)
        named |= free
        waiting = [target for target in waiting if target not in named]
    numbers: defaultdict[tuple[Kind, str], int] = defaultdict(lambda: 1)
    for target in waiting:
        base = _name(target.place, 3)
        name = base
        while name in used.setdefault(target.kind, set()):
            numbers[target.kind, base] += 1
            name = f"{base}_{numbers[target.kind, base]}"
        used[target.kind].add(name)
        named[target] = name
    return named


def _name(place: Place, words: int) -> str:
    """Return the last words of a place: of the folder, the file and the part of it."""
    last = [token for token in tokens(place.pointer) if not token.isdigit()][-1:]
    every = [_folder(place.address), stem(place.address), *last]
    found = (_UNFIT.sub("_", word).strip("_.") for word in every[-words:])
    return "_".join(word for word in found if word) or "part"


def _folder(address: Address) -> str:
    return posixpath.basename(posixpath.dirname(address.rstrip("/")))
