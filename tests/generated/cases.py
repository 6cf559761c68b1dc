"""Every operation of every document with the call that should make it: what the tests of whole clients run over."""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from formance_codegen.cli.reading import Settings, read_overlays, read_settings
from formance_codegen.inspection import inspect
from formance_codegen.load.overlay import apply_overlays
from formance_codegen.load.yaml import parse
from formance_codegen.source import SourceFile
from generated.wire import parameters_of
from samples import Json, Node, Sampler, View, is_list, is_node, node, nodes, resolve, text, view_of

ROOT: Final = Path(__file__).parents[2]
SPECS: Final = ROOT / "specs"
SHARED: Final = ROOT.parent / "shared"
"""Published documents, which only the maintainers have at hand."""


class _Loader(yaml.SafeLoader):
    """Reads YAML as JSON would have it: a date is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def read_document(path: Path) -> Node:
    """Return a document, read without the loader under test; all keys are strings."""
    loaded: object = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - it is a SafeLoader
    return node(_plain(loaded))


def _plain(value: object) -> Json:
    if is_node(value):
        # A status may be written as a number.
        return {str(key): _plain(item) for key, item in value.items()}
    if is_list(value):
        return [_plain(item) for item in value]
    assert value is None or isinstance(value, str | int | float)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One operation: what the document says of it, and how it is called."""

    service: str
    document: Node = field(repr=False)
    path: str
    method: str
    item: Node = field(repr=False)
    """The path item."""
    operation: Node = field(repr=False)
    described: Node = field(repr=False)
    """What `inspect` says."""
    package: str
    client: str
    async_client: str
    prefix: str

    def __str__(self) -> str:
        return f"{self.service}-{text(self.operation.get('operationId')) or f'{self.method} {self.path}'}"

    @property
    def parameters(self) -> Sequence[Node]:
        """The parameter objects, without those that a client sets itself."""
        found = parameters_of(self.document, self.item, self.operation)
        return [each for each in found if text(each["name"]).lower() not in ("accept", "content-type", "authorization")]

    def argument_of(self, parameter: Node) -> str:
        """Return the Python name of a parameter."""
        (found,) = (
            text(each["argument"])
            for each in nodes(self.described["parameters"])
            if (each["in"], each["name"]) == (parameter["in"], parameter["name"])
        )
        return found

    @property
    def body(self) -> Node:
        """The request body object; empty where there is none."""
        return resolve(self.document, node(self.operation.get("requestBody")))

    def responses(self) -> Iterator[tuple[str, Node]]:
        """Yield the responses by status, references followed."""
        for status, response in node(self.operation["responses"]).items():
            yield status, resolve(self.document, node(response))

    @property
    def successes(self) -> Sequence[tuple[str, Node]]:
        """The responses that mean success, with the file that some documents put under ``default``."""
        found = [(status, answer) for status, answer in self.responses() if status[0] in "23"]
        default = dict(self.responses()).get("default", {})
        file = {name: media for name, media in node(default.get("content")).items() if name == OCTETS}
        if file and not any(node(answer.get("content")) for _, answer in found):
            return [(status, {**answer, "content": file}) for status, answer in found]
        return found

    @property
    def failures(self) -> Sequence[tuple[str, Node]]:
        """The responses that mean an error."""
        return [(status, answer) for status, answer in self.responses() if status[0] not in "23"]

    @property
    def sends_credential(self) -> bool:
        """Whether a token should go along: where one is asked for, and where nothing is said."""
        security = self.operation.get("security", self.document.get("security"))
        return not isinstance(security, Sequence) or any(map(bool, security))

    @property
    def is_deprecated(self) -> bool:
        """Whether the document advises against it."""
        return self.operation.get("deprecated") is True

    def unwraps(self, answer: Node) -> str:
        """Return what should become of a response: what a hint says, else rule 3 of the design."""
        told = node(self.described["returns"])
        if told["recognised"] == "overlay":
            return text(told["unwrap"])
        return unwrapping(self.document, self.method, answer)

    @property
    def paging(self) -> Node:
        """What `inspect` says of its pages."""
        return node(self.described["paging"])

    def sampler(self) -> Sampler:
        """Return what makes values for the schemas of the document."""
        return Sampler(document=self.document)

    def load(self, name: str) -> object:
        """Return something of the package by ``module:name``, the module relative to the package."""
        module, _, attribute = name.partition(":")
        found: object = getattr(importlib.import_module(f"{self.package}{module}"), attribute)
        return found


OCTETS: Final = "application/octet-stream"


def json_schema_of(answer: Node) -> Node | None:
    """Return the schema of a response's JSON content."""
    for name, media in node(answer.get("content")).items():
        if is_json(name):
            return node(node(media).get("schema"))
    return None


def is_json(media: str) -> bool:
    """Tell whether a media type is JSON."""
    return media.partition(";")[0] == "application/json"


def unwrapping(document: Node, method: str, answer: Node) -> str:
    """Return what should become of a response: rule 3 of the design, read off the raw schema."""
    if method == "HEAD":
        return "header" if len(node(answer.get("headers"))) == 1 else "none"
    content = node(answer.get("content"))
    if not content:
        return "none"
    schema = json_schema_of(answer)
    if schema is None:
        return "plain" if next(iter(content)).startswith("text/") else "stream"
    view = view_of(document, schema)
    said = [name for name, each in view.properties.items() if len(view_of(document, each).enum) != 1]
    if _is_page(document, view):
        return "cursor"
    if said in (["cursor"], ["data"]) and _is_page(document, view_of(document, view.properties[said[0]])):
        return "cursor"
    return "data" if said == ["data"] and not view.choices else "plain"


def _is_page(document: Node, view: View) -> bool:
    if not {"data", "hasMore"} <= set(view.properties) or view.choices:
        return False
    return view_of(document, view.properties["data"]).kind == "array"


def cases_of(name: str, path: Path, settings: Settings) -> list[Case]:
    """Return the operations of a document."""
    config = settings.of_document(path)
    overlays = read_overlays(settings, path, ()).value
    assert overlays is not None
    source = SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))
    document = overlaid(source, overlays) if overlays else read_document(path)
    outcome = inspect(source, config, overlays)
    assert outcome.value is not None, [found.message for found in outcome.diagnostics]
    described: Mapping[str, Json] = outcome.value
    by_place = {(each["method"], each["path"]): each for each in nodes(described["operations"])}
    return [
        Case(
            service=name,
            document=document,
            path=template,
            method=method.upper(),
            item=node(item),
            operation=node(operation),
            described=by_place[method.upper(), template],
            package=text(described["package"]),
            client=text(described["client"]),
            async_client=text(described["async_client"]),
            prefix=config.prefix,
        )
        for template, item in node(document["paths"]).items()
        if template.startswith("/")
        for method, operation in node(item).items()
        if method in METHODS and is_node(operation)
    ]


def overlaid(source: SourceFile, overlays: Sequence[SourceFile]) -> Node:
    """Return a document as its overlays make it; tests/unit/load/test_overlay.py shows that they do it right."""
    parsed = parse(source).value
    assert parsed is not None
    changed = apply_overlays(parsed, overlays).value
    assert changed is not None
    return node(_plain(changed.data))


METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@cache
def all_cases() -> tuple[Case, ...]:
    """Return the operations of all documents of the repository, as it is configured."""
    return tuple(case for path in sorted(SPECS.glob("*.yaml")) for case in service_cases(path.stem))


@cache
def service_cases(service: str) -> tuple[Case, ...]:
    """Return the operations of one document of the repository."""
    settings = read_settings(ROOT).value
    assert settings is not None
    path = SPECS / f"{service}.yaml"
    return tuple(cases_of(service, path, settings))
