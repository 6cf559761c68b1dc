"""What an operation gives, as the annotation of its method."""

from collections.abc import Sequence
from typing import assert_never

from formance_codegen.ir.operations import (
    Data,
    HeaderValue,
    NoPage,
    Nothing,
    Paged,
    Plain,
    Result,
    Stream,
    Success,
    Text,
)
from formance_codegen.view.annotations import NONE, Annotation, Refer, Voice, annotate, union
from formance_codegen.view.flavours import WIRE, Flavour


def wire_annotation(successes: Sequence[Success], refer: Refer) -> Annotation:
    """Return what the runtime reads: the type of the operation's constant; None comes last."""
    return _union([_result(success.result, Voice.FIELD, refer, WIRE) for success in successes])


def result_annotation(successes: Sequence[Success], flavour: Flavour, refer: Refer) -> Annotation:
    """Return what the method of an operation gives; None comes last."""
    return _union([_result(success.result, Voice.RESULT, refer, flavour) for success in successes])


def _union(found: list[Annotation]) -> Annotation:
    return union(sorted(found, key=lambda annotation: annotation == NONE))


def _result(result: Result, voice: Voice, refer: Refer, flavour: Flavour) -> Annotation:
    match result:
        case Plain(type=type_) | Data(type=type_) | HeaderValue(type=type_):
            return annotate(type_, voice, refer)
        case Paged(item=item) | NoPage(item=item):
            found = annotate(item, voice, refer)
            return Annotation(f"{flavour.page.name}[{found.text}]", found.imports | {flavour.page})
        case Stream():
            return Annotation(flavour.stream.name, frozenset({flavour.stream}))
        case Text():
            return Annotation("str")
        case Nothing():
            return NONE
        case _:
            assert_never(result)


def main_result(successes: Sequence[Success]) -> Result:
    """Return the result that decides the form of a method: one with content, where there is one."""
    return main_success(successes).result


def main_success(successes: Sequence[Success]) -> Success:
    """Return the success whose result decides the form of a method."""
    return next((found for found in successes if not isinstance(found.result, Nothing | NoPage)), successes[0])
