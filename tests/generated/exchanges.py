"""What the tests of whole clients say to a client, and what a server answers as its document says."""

import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest

from generated.callers import Caller
from generated.cases import Case, is_json, json_schema_of
from generated.wire import Argument, argument
from loopback import Answer, json_answer
from samples import Json, Node, Sampler, node, text

BYTES: Final = b"\x00a file\xff\n" * 50


def call(caller: Caller, case: Case, arguments: dict[str, Argument], body: object = None) -> object:
    """Call a method with arguments by their wire names, and with a body where there is one."""
    in_template = sorted(
        (text(each["name"]) for each in case.parameters if each["in"] == "path"),
        key=lambda name: case.path.index(f"{{{name}}}"),
    )
    positional = [arguments[name].value for name in in_template]
    if body is not None:
        positional.append(body)
    keywords = {
        case.argument_of(each): arguments[text(each["name"])].value
        for each in case.parameters
        if each["in"] != "path" and text(each["name"]) in arguments
    }
    with advised(case):
        return caller.call(case, *positional, **keywords)


@contextmanager
def advised(case: Case) -> Generator[None]:
    """Expect the warning of a deprecated method, and none of another."""
    if case.is_deprecated:
        with pytest.warns(DeprecationWarning, match="is deprecated"):
            yield
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield


def everything(case: Case) -> dict[str, Argument]:
    """Return an argument for every parameter."""
    return {text(each["name"]): argument(case.document, each) for each in case.parameters}


def only_required(case: Case) -> dict[str, Argument]:
    """Return an argument for every parameter that must be there."""
    return {
        text(each["name"]): argument(case.document, each) for each in case.parameters if each.get("required") is True
    }


def any_body(case: Case) -> object:
    """Return one body, None where there is none."""
    return next((body for _, body in bodies(case)), None)


def demanded_body(case: Case) -> object:
    """Return a body where there must be one, which is never so for GET and HEAD."""
    return any_body(case) if case.body.get("required") is True and case.method not in ("GET", "HEAD") else None


def bodies(case: Case) -> Iterator[tuple[str, object]]:
    """Yield bodies by media type: in each declared form, and for JSON in all variants."""
    for media_type, media in node(case.body.get("content")).items():
        if is_json(media_type):
            yield from ((media_type, value) for value in values(case.sampler(), node(media)))
        elif media_type.startswith("text/") or media_type.endswith("yaml"):
            yield media_type, "first: ä\n"
        else:
            yield media_type, BYTES


def values(sampler: Sampler, media: Node) -> Iterator[Json]:
    """Yield the example of a media type, and values that its schema asks for: all, little, no, and each variant."""
    schema = node(media.get("schema"))
    yield sampler.of_media(media)
    for variant in range(sampler.choices(schema)):
        yield replace(sampler, variant=variant).of_schema(schema)
    yield replace(sampler, variant=1).of_schema(schema)
    yield replace(sampler, optional=False).of_schema(schema)
    yield replace(sampler, null=True).of_schema(schema)


def usual_answer(case: Case) -> Answer:
    """Return an answer of the first success."""
    status, answer = case.successes[0]
    return answer_of(case, status, answer, next(success_values(case, answer), None))


def success_values(case: Case, answer: Node) -> Iterator[Json]:
    """Yield JSON bodies that a success may have."""
    for media_type, media in node(answer.get("content")).items():
        if is_json(media_type):
            yield from values(case.sampler(), node(media))


def answer_of(case: Case, status: str, answer: Node, value: Json) -> Answer:
    """Return what a server says with a declared response."""
    code = int(status.replace("XX", "00"))
    headers = tuple((name, "42") for name in node(answer.get("headers")))
    if json_schema_of(answer) is not None and case.method != "HEAD":
        return json_answer(value, status=code, headers=headers)
    # Formance's servers claim JSON whatever they send.
    claimed = (("Content-Type", "application/json"), *headers)
    content = BYTES if node(answer.get("content")) and case.method != "HEAD" else b""
    return Answer(status=code, headers=claimed, body=content)
