"""The two versions of one operation, and changes told about them."""

from dataclasses import dataclass

from formance_codegen.diff.catalogue import CHECKS, Impact
from formance_codegen.diff.change import Change, Place, Subject
from formance_codegen.diff.shapes import Shapes
from formance_codegen.diff.side import place
from formance_codegen.ir.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation that both versions have."""

    shapes: Shapes
    old: Operation
    new: Operation

    @property
    def name(self) -> str:
        """The method as the old version calls it."""
        return self.shapes.old.method(self.old)

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
        """Return a change; without any place it is that of the operation on both sides."""
        if old is None and new is None:
            old, new = place(self.old), place(self.new)
        return operation_change(
            slug,
            self.new,
            self.name,
            message,
            remedy=remedy,
            member=member,
            before=before,
            after=after,
            old=old,
            new=new,
            impact=impact,
        )


def operation_change(
    slug: str,
    operation: Operation,
    name: str,
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
    """Return a change of an operation."""
    check = CHECKS[slug]
    return Change(
        check=check,
        impact=impact or check.sent,
        subject=Subject.OPERATION,
        name=name,
        member=member,
        endpoint=f"{operation.method} {operation.path}",
        message=message,
        remedy=remedy,
        before=before,
        after=after,
        old=old,
        new=new,
    )
