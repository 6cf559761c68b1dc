"""Give out names so that each is unique in its scope, whatever the order in which they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

from formance_codegen.naming import PyName
from formance_codegen.naming.reserved import Context

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Generic[K]):
    """What asks for a name."""

    key: K
    candidates: tuple[str, ...]
    """The names that would do, the best first; at least one; the first also carries a number when all are taken."""
    priority: tuple[int, ...] = ()
    """Who is served first: the smallest."""
    tie: str
    """Tells claims of equal priority apart: a pointer or a wire name, never a position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[K]):
    """A claim that did not get its first candidate."""

    key: K
    wanted: str
    name: PyName
    holder: K | None
    """The claim that got the first candidate; None where it is reserved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement(Generic[K]):
    """The names that claims got."""

    names: Mapping[K, PyName]
    """In the order of priority."""
    moves: tuple[Move[K], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A place in which each name occurs once."""

    context: Context
    taken: frozenset[str] = frozenset()
    """Names that others have already."""
    joint: str = "_"
    """What stands between a name and the number that makes it unique."""
    fold: bool = False
    """Whether names that differ in case only are the same."""

    def settle(self, claims: Iterable[Claim[K]]) -> Settlement[K]:
        """Give each claim a name that no other has.

        The first candidates of all claims are served before the second ones, and so on; among equal candidates the
        claim with the smallest priority wins, then the one with the smallest tie. What is left gets a number.
        """
        ordered = sorted(claims, key=lambda claim: (claim.priority, claim.tie))
        holders: dict[str, K] = {}
        names: dict[K, PyName] = {}
        for rank in range(max((len(claim.candidates) for claim in ordered), default=0)):
            for claim in ordered:
                if claim.key not in names and rank < len(claim.candidates):
                    self._take(claim.key, claim.candidates[rank], holders, names)
        counters: dict[str, Iterator[int]] = {}
        for claim in ordered:
            while claim.key not in names:
                stem = claim.candidates[0].rstrip("_")
                number = next(counters.setdefault(stem, count(2)))
                self._take(claim.key, f"{stem}{self._joint(stem)}{number}", holders, names)
        return Settlement(
            names={claim.key: names[claim.key] for claim in ordered},
            moves=tuple(_moves(ordered, names, lambda name: holders.get(self._fold(name)))),
        )

    def _take(self, key: K, name: str, holders: dict[str, K], names: dict[K, PyName]) -> None:
        """Give ``name`` to ``key`` if nobody has it."""
        folded = self._fold(name)
        if folded not in holders and name not in self.taken and not self.context.forbids(folded):
            holders[folded] = key
            names[key] = PyName(name)

    def _fold(self, name: str) -> str:
        return name.casefold() if self.fold else name

    def _joint(self, stem: str) -> str:
        return "_" if stem[-1:].isdigit() else self.joint


def _moves(
    claims: Iterable[Claim[K]], names: Mapping[K, PyName], holder: Callable[[str], K | None]
) -> Iterator[Move[K]]:
    for claim in claims:
        name, wanted = names[claim.key], claim.candidates[0]
        if name != wanted:
            yield Move(key=claim.key, wanted=wanted, name=name, holder=holder(wanted))
