"""The command `inspect`: what would be made of an OpenAPI document, as data or as a table."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.options import overlay_option, ref_root_option, remote_option
from formance_codegen.cli.output import value_or_exit
from formance_codegen.cli.reading import names_of, read_overlays, read_settings, read_source
from formance_codegen.inspection import inspect as inspect_document
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text

_PLACES: Final = ("items", "next", "more", "last", "total", "pages", "position")


@click.command()
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@overlay_option
@ref_root_option
@remote_option
@click.option("--verbose", "-v", is_flag=True, help="Show notes as well as warnings.")
def inspect(
    *,
    spec: Path,
    form: str,
    overlays: tuple[Path, ...],
    ref_roots: tuple[Path, ...],
    allow_remote: bool,
    verbose: bool,
) -> None:
    """Show what would be made of the OpenAPI document SPEC.

    The JSON form is described in docs/inspect.md.
    """
    settings = value_or_exit(read_settings(Path()))
    applied = value_or_exit(read_overlays(settings, spec, overlays))
    reach = Reach(roots=ref_roots, remote=allow_remote)
    source = value_or_exit(linked(value_or_exit(read_source(spec)), spec, applied, reach))
    outcome = inspect_document(source, settings.of_document(spec), applied, value_or_exit(names_of(settings, spec)))
    found = value_or_exit(outcome, verbose=verbose)
    click.echo(json.dumps(found, indent=2) if form == "json" else "\n".join(_lines(found)))


def _lines(found: Mapping[str, JsonValue]) -> Iterator[str]:
    operations = [as_mapping(operation) for operation in as_sequence(found["operations"])]
    yield f"{_text(found, 'title')} ({_text(found, 'document')}, OpenAPI {_text(found, 'openapi')})"
    yield f"distribution {_text(found, 'distribution')}, package {_text(found, 'package')}"
    yield f"clients {_text(found, 'client')} and {_text(found, 'async_client')}"
    yield ""
    width = max((len(_route(operation)) for operation in operations), default=0)
    for operation in operations:
        yield f"{_route(operation):<{width}}  {_call(operation)}"
    yield ""
    webhooks = [as_mapping(webhook) for webhook in as_sequence(found["webhooks"])]
    for webhook in webhooks:
        yield f"sends {_sent(webhook)}"
    if webhooks:
        yield ""
    yield f"{len(operations)} operations, {len(as_sequence(found['models']))} models"
    for scheme in map(as_mapping, as_sequence(found["security_schemes"])):
        yield f"credential: {_credential(scheme)}"
    for omitted in map(as_mapping, as_sequence(found["omitted"])):
        yield f"left out: {_text(omitted, 'pointer')}: {_text(omitted, 'reason')}"


def _route(operation: Mapping[str, JsonValue]) -> str:
    return f"{_text(operation, 'method'):<7} {_text(operation, 'path')}"


def _call(operation: Mapping[str, JsonValue]) -> str:
    parameters = [as_mapping(parameter) for parameter in as_sequence(operation["parameters"])]
    arguments = [_text(parameter, "argument") for parameter in parameters if parameter["in"] == "path"]
    if body := as_mapping(operation["body"]):
        arguments.append(_text(body, "argument"))
    named = [_text(parameter, "argument") for parameter in parameters if parameter["in"] != "path"]
    named += [_text(body, "content_type")] if body and body["content_type"] else []
    arguments += ["*", *named] if named else []
    returns = _text(as_mapping(operation["returns"]), "annotation")
    deprecated = " (deprecated)" if operation["deprecated"] is True else ""
    return f"{_text(operation, 'call')}({', '.join(arguments)}) -> {returns}{deprecated}{_paging(operation)}"


def _paging(operation: Mapping[str, JsonValue]) -> str:
    """Return what tells the pages of an operation: the kind, the parameter and the places in the answer."""
    told = as_mapping(operation["paging"])
    if not told:
        return ""
    places = [f"{key} {told[key]}" for key in _PLACES if told[key]]
    places = places if told["items"] else ["items the whole answer", *places]
    parameter = f" {told['parameter']}" if told["parameter"] else ""
    where = f" in the {told['in']}" if told["in"] else ""
    return f" [pages by {told['style']}{parameter}{where}; {', '.join(places)}; told by {told['recognised']}]"


def _credential(scheme: Mapping[str, JsonValue]) -> str:
    where = f" {_text(scheme, 'sent_as')}" if scheme["sent_as"] else ""
    given = f": {_text(scheme, 'credential')}" if scheme["credential"] else ""
    return f"{_text(scheme, 'name')} ({_text(scheme, 'kind')}{where}){given}"


def _sent(webhook: Mapping[str, JsonValue]) -> str:
    about = f" for {_text(callback, 'operation')}" if (callback := as_mapping(webhook["callback"])) else ""
    read = f"{_text(webhook, 'reader')} -> {_text(webhook, 'annotation')}" if webhook["reader"] else "nothing to read"
    deprecated = " (deprecated)" if webhook["deprecated"] is True else ""
    return f"{_text(webhook, 'method')} {_text(webhook, 'name')}{about}: {read}{deprecated}"


def _text(value: Mapping[str, JsonValue], key: str) -> str:
    return as_text(value[key]) or ""
