"""What an operation gives, as the annotation of its method."""

from collections.abc import Sequence
from typing import Final, assert_never

from formance_codegen.ir.operations import (
    Data,
    HeaderValue,
    Items,
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
from formance_codegen.view.imports import Import

EVENT: Final = Import(module="/_core/events", name="ServerSentEvent")


def wire_annotation(successes: Sequence[Success], refer: Refer) -> Annotation:
    """Return what the runtime reads: the type of the operation's constant; None comes last."""
    return _union([_result(success.result, Voice.FIELD, refer, WIRE) for success in successes])


def result_annotation(successes: Sequence[Success], flavour: Flavour, refer: Refer) -> Annotation:
    """Return what the method of an operation gives; None comes last."""
    found = [_result(success.result, Voice.RESULT, refer, flavour) for success in successes]
    if isinstance(main_result(successes), Items | Paged | Stream):
        # Where nothing comes there is nothing to go through.
        found = [annotation for annotation in found if annotation != NONE]
    return _union(found)


def _union(found: list[Annotation]) -> Annotation:
    return union(sorted(found, key=lambda annotation: annotation == NONE))


def _result(result: Result, voice: Voice, refer: Refer, flavour: Flavour) -> Annotation:
    match result:
        case Plain(type=type_) | Data(type=type_) | HeaderValue(type=type_):
            return annotate(type_, voice, refer)
        case Paged(item=item) | NoPage(item=item):
            found = annotate(item, voice, refer)
            return Annotation(f"{flavour.page.name}[{found.text}]", found.imports | {flavour.page})
        case Items():
            found = item_annotation(result, voice, refer)
            return Annotation(f"{flavour.items.name}[{found.text}]", found.imports | {flavour.items})
        case Stream():
            return Annotation(flavour.stream.name, frozenset({flavour.stream}))
        case Text():
            return Annotation("str")
        case Nothing():
            return NONE
        case _:
            assert_never(result)


def item_annotation(items: Items, voice: Voice, refer: Refer) -> Annotation:
    """Return what one item of a stream is."""
    found = [annotate(type_, voice, refer) for type_ in items.types]
    if not items.is_event:
        return union(found)
    data = union([*found, Annotation("str")] if items.has_text else found)
    # Text is what the data of an event is where nothing else is said.
    text = "" if data.text == "str" else f"[{data.text}]"
    return Annotation(f"{EVENT.name}{text}", data.imports | {EVENT})


def main_result(successes: Sequence[Success]) -> Result:
    """Return the result that decides the form of a method: one with content, where there is one."""
    return main_success(successes).result


def main_success(successes: Sequence[Success]) -> Success:
    """Return the success whose result decides the form of a method."""
    return next((found for found in successes if not isinstance(found.result, Nothing | NoPage)), successes[0])
