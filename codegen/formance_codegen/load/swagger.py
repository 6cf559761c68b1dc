"""Documents of Swagger 2.0 as documents of OpenAPI 3.0, with the places of all parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.load.conversion import Conversion, only, without
from formance_codegen.load.findings import Findings
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.refs import follow
from formance_codegen.load.structure import METHODS
from formance_codegen.load.swagger_parts import header_of, parameter_of, schema_of, security_scheme_of, style_of, typed
from formance_codegen.pointer import ROOT, Pointer, join

_JSON: Final = "application/json"
_FILE: Final = "application/octet-stream"
_URLENCODED: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"


def from_swagger(parsed: Parsed) -> tuple[Parsed, Findings]:
    """Return a document of Swagger 2.0 as one of OpenAPI 3.0, and what was found on the way.

    - ``host``, ``basePath`` and ``schemes`` are servers; those that are encrypted come first.
    - ``definitions``, ``parameters``, ``responses`` and ``securityDefinitions`` are components.
    - Body and form parameters are request bodies, with the media types that ``consumes`` tells; what a response says
      has those of ``produces``. JSON is meant where nothing is told. A schema of several media types stands in the
      first; the others refer to it.
    - ``collectionFormat`` is a style. Tabs, and spaces or pipes outside of queries, have none: a warning.
    """
    findings = Findings(spans=parsed.spans)
    run = Conversion(data=parsed.data, findings=findings)
    data = _Document(run, as_mapping(parsed.data)).converted()
    run.finish()
    return Parsed(data=data, spans=run.spans(parsed.spans)), findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Argument:
    """A parameter that is a body, or a field of a form."""

    node: dict[str, JsonValue]
    pointer: Pointer
    """Where it stands, behind a reference that leads there."""
    component: str | None
    """Its name among the parameters of the document."""

    @property
    def name(self) -> str:
        return str(self.node.get("name", ""))


class _Document:
    def __init__(self, run: Conversion, root: Mapping[str, JsonValue]) -> None:
        self._run = run
        self._root = root

    def converted(self) -> dict[str, JsonValue]:
        root, run = self._root, self._run
        made: dict[str, JsonValue] = {
            "openapi": "3.0.4",
            **only(root, "info", "security", "tags", "externalDocs"),
        }
        if servers := list(self._servers()):
            made["servers"] = servers
        components = dict(self._components())
        paths = root.get("paths")
        items = {path: self._item(item, join(ROOT, "paths", path)) for path, item in as_mapping(paths).items()}
        made["paths"] = items if isinstance(paths, dict) else paths
        made["components"] = components
        run.came(ROOT, ROOT)
        return made

    def _servers(self) -> Iterator[JsonValue]:
        host, base = as_text(self._root.get("host")) or "", as_text(self._root.get("basePath")) or ""
        base = "/" + base.strip("/") if base.strip("/") else ""
        host = host.partition("://")[2] or host
        if not host:
            if base:
                self._run.came(Pointer("/basePath"), Pointer("/servers/0"))
                yield {"url": base}
            return
        # Of web sockets a client knows nothing.
        told = [scheme for scheme in as_sequence(self._root.get("schemes", [])) if scheme in ("http", "https")]
        for index, scheme in enumerate(sorted(told or ["https"], reverse=True, key=str)):
            self._run.came(Pointer("/host"), join(Pointer("/servers"), index))
            yield {"url": f"{scheme}://{host.rstrip('/')}{base}"}

    def _components(self) -> Iterator[tuple[str, JsonValue]]:
        root, run, parts = self._root, self._run, Pointer("/components")
        if schemas := as_mapping(root.get("definitions", {})):
            run.came(Pointer("/definitions"), join(parts, "schemas"))
            yield "schemas", {
                name: schema_of(run, schema, join(Pointer("/definitions"), name)) for name, schema in schemas.items()
            }
        plain: dict[str, JsonValue] = {}
        bodies: dict[str, JsonValue] = {}
        for name, node in as_mapping(root.get("parameters", {})).items():
            old = join(Pointer("/parameters"), name)
            if not isinstance(node, dict) or node.get("in") not in ("body", "formData"):
                plain[name] = (
                    parameter_of(run, node, old, join(parts, "parameters", name)) if isinstance(node, dict) else node
                )
            elif node.get("in") == "body":
                body = _Argument(node=node, pointer=old, component=None)
                bodies[name] = self._body(body, self._consumed({}), join(parts, "requestBodies", name))
        yield "parameters", plain
        yield "requestBodies", bodies
        yield "responses", {
            name: self._response(node, join(Pointer("/responses"), name), join(parts, "responses", name), {})
            for name, node in as_mapping(root.get("responses", {})).items()
        }
        run.came(Pointer("/securityDefinitions"), join(parts, "securitySchemes"))
        schemes = as_mapping(root.get("securityDefinitions", {})).items()
        yield "securitySchemes", {name: security_scheme_of(node) for name, node in schemes}

    def _item(self, value: JsonValue, pointer: Pointer) -> JsonValue:
        if not isinstance(value, dict):
            return value
        made = without(value, "parameters", *METHODS)
        if "$ref" in made:
            self._run.refer(made)
        plain, shared = self._parameters(value, pointer)
        if plain:
            made["parameters"] = plain
        for method in METHODS:
            if method in value:
                made[method] = self._operation(value[method], join(pointer, method), shared)
        # In the order of the document.
        return {key: made[key] for key in value if key in made}

    def _operation(self, value: JsonValue, pointer: Pointer, shared: list[_Argument]) -> JsonValue:
        if not isinstance(value, dict):
            return value
        made = without(value, "parameters", "consumes", "produces", "schemes", "responses")
        plain, own = self._parameters(value, pointer)
        if plain:
            made["parameters"] = plain
        named = {(argument.node.get("in"), argument.name) for argument in own}
        arguments = [*own, *(each for each in shared if (each.node.get("in"), each.name) not in named)]
        bodies = [each for each in arguments if each.node.get("in") == "body"]
        place = join(pointer, "requestBody")
        if bodies:
            made["requestBody"] = self._body(bodies[0], self._consumed(value), place)
        elif arguments:
            made["requestBody"] = self._form(arguments, self._consumed(value), place)
        if "responses" in value:
            made["responses"] = self._responses(value, join(pointer, "responses"))
        return made

    def _responses(self, operation: Mapping[str, JsonValue], pointer: Pointer) -> JsonValue:
        told = operation["responses"]
        if not isinstance(told, dict):
            return told
        return {
            status: (
                node
                if status.startswith("x-")
                else self._response(node, join(pointer, status), join(pointer, status), operation)
            )
            for status, node in told.items()
        }

    def _parameters(self, owner: Mapping[str, JsonValue], pointer: Pointer) -> tuple[list[JsonValue], list[_Argument]]:
        """Return the parameters that stay such, and those that make the body."""
        plain: list[JsonValue] = []
        arguments: list[_Argument] = []
        for index, node in enumerate(as_sequence(owner.get("parameters", []))):
            old = join(pointer, "parameters", index)
            argument = self._argument(node, old)
            if argument is not None:
                arguments.append(argument)
            elif isinstance(node, dict):
                plain.append(parameter_of(self._run, node, old, join(pointer, "parameters", len(plain))))
        return plain, arguments

    def _argument(self, node: JsonValue, pointer: Pointer) -> _Argument | None:
        component = None
        if isinstance(node, dict) and isinstance(written := node.get("$ref"), str):
            try:
                pointer, node = follow(self._run.data, written)
            except LookupError:
                return None
            component = pointer.removeprefix("/parameters/") if pointer.startswith("/parameters/") else None
        if not isinstance(node, dict) or node.get("in") not in ("body", "formData"):
            return None
        return _Argument(node=node, pointer=pointer, component=component)

    def _consumed(self, operation: Mapping[str, JsonValue]) -> tuple[str, ...]:
        return _told(operation.get("consumes", self._root.get("consumes", [])))

    def _body(self, body: _Argument, consumed: tuple[str, ...], new: Pointer) -> JsonValue:
        if body.component is not None and consumed == self._consumed({}):
            return {"$ref": f"#/components/requestBodies/{body.component}"}
        self._run.came(body.pointer, new)
        made: dict[str, JsonValue] = only(body.node, "description", "required")
        schema: JsonValue = {}
        if body.component is not None:
            schema = self._run.refer({"$ref": f"#{join(body.pointer, 'schema')}"})
        elif "schema" in body.node:
            schema = schema_of(self._run, body.node["schema"], join(body.pointer, "schema"))
        types = consumed or (_JSON,)
        self._run.came(join(body.pointer, "schema"), join(new, "content", types[0], "schema"))
        return {**made, "content": _content(types, schema, join(new, "content"))}

    def _form(self, fields: list[_Argument], consumed: tuple[str, ...], new: Pointer) -> JsonValue:
        has_file = any(each.node.get("type") == "file" for each in fields)
        told = [kind for kind in consumed if kind == _MULTIPART or (kind == _URLENCODED and not has_file)]
        types = tuple(told) or ((_MULTIPART,) if has_file else (_URLENCODED,))
        place = join(new, "content", types[0], "schema")
        properties: dict[str, JsonValue] = {}
        encoding: dict[str, JsonValue] = {}
        for each in fields:
            self._run.came(each.pointer, join(place, "properties", each.name))
            said = typed(self._run, each.node, each.pointer)
            about = {key: each.node[key] for key in ("description",) if key in each.node}
            properties[each.name] = {**said, **about} if isinstance(said, dict) else said
            if style := style_of(self._run, each.node, each.pointer):
                encoding[each.name] = style
        required: list[JsonValue] = [each.name for each in fields if each.node.get("required") is True]
        schema: dict[str, JsonValue] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        content = _content(types, schema, join(new, "content"))
        for kind, media in content.items() if encoding else ():
            content[kind] = {**as_mapping(media), "encoding": encoding}
        body: dict[str, JsonValue] = {"required": bool(required), "content": content}
        return body

    def _response(self, value: JsonValue, old: Pointer, new: Pointer, operation: Mapping[str, JsonValue]) -> JsonValue:
        if not isinstance(value, dict):
            return value
        self._run.came(old, new)
        if "$ref" in value:
            return self._run.refer(dict(value))
        made: dict[str, JsonValue] = only(value, "description")
        if isinstance(headers := value.get("headers"), dict):
            made["headers"] = {
                name: header_of(self._run, node, join(old, "headers", name), join(new, "headers", name))
                for name, node in headers.items()
            }
        if "schema" in value:
            told = _told(operation.get("produces", self._root.get("produces", [])))
            is_file = as_mapping(value["schema"]).get("type") == "file"
            types = told or ((_FILE,) if is_file else (_JSON,))
            self._run.came(join(old, "schema"), join(new, "content", types[0], "schema"))
            schema = schema_of(self._run, value["schema"], join(old, "schema"))
            examples = as_mapping(value.get("examples", {}))
            made["content"] = {
                kind: {**as_mapping(media), "example": examples[kind]} if kind in examples else media
                for kind, media in _content(types, schema, join(new, "content")).items()
            }
        return made


def _told(value: JsonValue) -> tuple[str, ...]:
    """Return media types, each once."""
    return tuple(dict.fromkeys(kind for kind in as_sequence(value) if isinstance(kind, str) and kind))


def _content(types: tuple[str, ...], schema: JsonValue, pointer: Pointer) -> dict[str, JsonValue]:
    """Return the same schema for each media type; all but the first refer to that of the first."""
    is_reference = "$ref" in as_mapping(schema)
    again: JsonValue = schema if is_reference else {"$ref": f"#{join(pointer, types[0], 'schema')}"}
    return {kind: {"schema": again if index else schema} for index, kind in enumerate(types)}
