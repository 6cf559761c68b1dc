"""The two versions of one model, and changes told about them."""

from dataclasses import dataclass
from typing import Final

from formance_codegen.diff.catalogue import CHECKS, Check, Impact
from formance_codegen.diff.change import Change, Direction, Place, Subject
from formance_codegen.diff.shapes import Relation, Shape, Shapes
from formance_codegen.diff.side import place
from formance_codegen.ir.decls import Decl

_NAMING: Final = frozenset({"model-renamed", "model-moved", "model-kind-changed"})
"""Changes that break an import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A declaration that both versions have."""

    shapes: Shapes
    old: Decl
    new: Decl

    @property
    def name(self) -> str:
        """The model as the old version calls it."""
        return self.shapes.old.model(self.old.id)

    @property
    def direction(self) -> Direction:
        """Where it is used, in either version."""
        before, after = self.shapes.old.directions[self.old.id], self.shapes.new.directions[self.new.id]
        if before is after or after is Direction.NOWHERE:
            return before
        return after if before is Direction.NOWHERE else Direction.BOTH

    @property
    def is_sent(self) -> bool:
        """Whether users build it; they may build one that no operation takes."""
        return self.direction is not Direction.RESPONSE

    @property
    def is_read(self) -> bool:
        """Whether users read it."""
        return self.direction is not Direction.REQUEST

    def change(
        self,
        slug: str,
        message: str,
        *,
        remedy: str = "",
        member: str = "",
        before: str = "",
        after: str = "",
        old: Place | None = None,
        new: Place | None = None,
        impact: Impact | None = None,
    ) -> Change:
        """Return a change; without any place it is that of the model on both sides."""
        if old is None and new is None:
            old, new = place(self.old), place(self.new)
        check = CHECKS[slug]
        return Change(
            check=check,
            impact=self._felt(check, impact or impact_of(check, self.direction)),
            subject=Subject.MODEL,
            name=self.name,
            member=member,
            direction=self.direction,
            message=message,
            remedy=remedy,
            before=before,
            after=after,
            old=old,
            new=new,
        )

    def _felt(self, check: Check, impact: Impact) -> Impact:
        """Return whom a change concerns: what no operation takes or gives breaks no code unless it is named."""
        is_unused = self.direction is Direction.NOWHERE and impact.is_breaking and check.id not in _NAMING
        return Impact.TYPING if is_unused else impact

    def relate(self, old: Shape, new: Shape, prefix: str) -> tuple[Relation, Impact] | None:
        """Return what a new type is to an old one where it matters most, and whom that concerns; None for the same.

        Args:
            old: Of the old version.
            new: Of the new version.
            prefix: What the ids of the changes begin with: ``field-type``.
        """
        found: list[tuple[Relation, Impact]] = []
        for applies, reading in ((self.is_sent, False), (self.is_read, True)):
            relation = self.shapes.relate(old, new, reading=reading) if applies else Relation.SAME
            if relation is not Relation.SAME:
                check = CHECKS[f"{prefix}-{relation.value}"]
                found.append((relation, check.read if reading else check.sent))
        return min(found, key=lambda pair: pair[1].rank, default=None)


def impact_of(check: Check, direction: Direction) -> Impact:
    """Return whom a change of a model concerns, given where it is used."""
    match direction:
        case Direction.REQUEST:
            return check.sent
        case Direction.RESPONSE | Direction.NOWHERE:
            return check.read
        case Direction.BOTH:
            return min(check.sent, check.read, key=lambda impact: impact.rank)
