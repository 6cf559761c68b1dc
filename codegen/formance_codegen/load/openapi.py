"""Normalised data to typed models of openapi-pydantic, and its complaints to diagnostics with places."""

from collections.abc import Iterator
from typing import Final, TypeVar

from openapi_pydantic.v3.v3_1 import (
    Header,
    OpenAPI,
    Operation,
    Parameter,
    PathItem,
    Reference,
    RequestBody,
    Response,
    Schema,
    SecurityScheme,
)
from pydantic import BaseModel, ValidationError

from formance_codegen.diagnostics import Outcome
from formance_codegen.load.complaints import complaints
from formance_codegen.load.document import Document
from formance_codegen.load.json_value import JsonValue, Missing, as_mapping
from formance_codegen.load.structure import METHODS, Kind, parts
from formance_codegen.pointer import ROOT, Pointer, join, tokens

ModelT = TypeVar("ModelT", bound=BaseModel)

_UNTYPED: Final = frozenset({"$defs", "definitions", "additionalItems", "contentSchema"})
"""Keywords with schemas that the models keep as plain data."""


def parse_openapi(document: Document) -> Outcome[OpenAPI]:
    """Return the typed form of a document, or an ``invalid-document`` error for each place that breaks the format."""
    parsed = _validated(document, document.data, ROOT, OpenAPI)
    aside = (
        _validated(document, part.value, part.pointer, Schema)
        for part in parts(document.data)
        if part.schema_parent in _UNTYPED or (part.kind is Kind.SCHEMA and tokens(part.pointer)[-1] == "itemSchema")
    )
    extended = (
        _validated(document, part.value, part.pointer, PathItem)
        for part in parts(document.data)
        if part.kind is Kind.PATH_ITEM and tokens(part.pointer)[0] == "x-webhooks"
    )
    newer = (
        _validated(document, part.value, part.pointer, Operation)
        for part in parts(document.data)
        if part.kind is Kind.OPERATION and _is_newer(part.pointer)
    )
    faults = (
        *parsed.diagnostics,
        *(found for outcome in aside for found in outcome.diagnostics),
        *(found for outcome in extended for found in outcome.diagnostics),
        *(found for outcome in newer for found in outcome.diagnostics),
    )
    return Outcome(value=None, diagnostics=faults) if faults else parsed


def _is_newer(pointer: Pointer) -> bool:
    """Return whether an operation stands under a key that 3.1 does not have, which the models keep as plain data."""
    *_, around, name = tokens(pointer)
    return name == "query" or around == "additionalOperations"


def _validated(document: Document, value: JsonValue, pointer: Pointer, model: type[ModelT]) -> Outcome[ModelT]:
    try:
        return Outcome(value=model.model_validate(value))
    except ValidationError as error:
        return Outcome(value=None, diagnostics=complaints(error, document.data, document.spans, pointer))


def reference_of(node: BaseModel) -> str | None:
    """Return what a node refers to (``#/…``), or None where it is no reference.

    The models read a component ``{$ref: …}`` as a ``Schema`` whose extra keys hold the reference.
    """
    if isinstance(node, Reference | PathItem):
        return node.ref
    reference = (node.model_extra or {}).get("$ref")
    return reference if isinstance(reference, str) else None


def schema_at(document: Document, pointer: Pointer) -> Schema:
    """Return the schema at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, Schema)


def parameter_at(document: Document, pointer: Pointer) -> Parameter:
    """Return the parameter at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, Parameter)


def header_at(document: Document, pointer: Pointer) -> Header:
    """Return the header at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, Header)


def request_body_at(document: Document, pointer: Pointer) -> RequestBody:
    """Return the request body at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, RequestBody)


def response_at(document: Document, pointer: Pointer) -> Response:
    """Return the response at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, Response)


def path_item_at(document: Document, pointer: Pointer) -> PathItem:
    """Return the path item at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, PathItem)


def operation_at(document: Document, pointer: Pointer) -> Operation:
    """Return the operation at ``pointer``."""
    return _model_at(document, pointer, Operation)


def operations_of(document: Document, item: PathItem, pointer: Pointer) -> Iterator[tuple[str, Operation, Pointer]]:
    """Yield the operations of a path item, which is at ``pointer``, in its order: method, node and place of each.

    Those of OpenAPI 3.2 are among them, of which the models know nothing.
    """
    for key, value in as_mapping(document.at(pointer)).items():
        place = join(pointer, key)
        node = getattr(item, key) if key in METHODS else None
        if isinstance(node, Operation):
            yield key.upper(), node, place
        elif key == "query":
            yield "QUERY", operation_at(document, place), place
        elif key == "additionalOperations":
            for method in as_mapping(value):
                other = join(place, method)
                yield method, operation_at(document, other), other


def security_scheme_at(document: Document, pointer: Pointer) -> SecurityScheme:
    """Return the security scheme at ``pointer``, which is one that ``resolve`` gave."""
    return _model_at(document, pointer, SecurityScheme)


def _model_at(document: Document, pointer: Pointer, model: type[ModelT]) -> ModelT:
    """Return a part of the document as a model; that it is a valid one is sure once the document was parsed."""
    value = document.at(pointer)
    if isinstance(value, Missing):
        raise LookupError(pointer)
    return model.model_validate(value)
