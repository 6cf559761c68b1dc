"""Names that documents may have and Python, pydantic, the runtime or a file system may not."""

from typing import Any, Final

from hypothesis import strategies as st

SURROGATE: Final = "\ud800"
"""A text of JSON may have it, one of Unicode may not."""
_HOSTILE: Final = st.sampled_from(
    # Keywords, builtins and special names.
    "class None True def match case type self cls list dict str int bool bytes object print __init__ __class__"
    " __slots__ __dict__ __getattr__ __all__ __doc__ __name__ _ __ mro name value"
    # What pydantic and generated modules have.
    " model_config model_fields model_dump model_post_init model_extra copy json schema validate construct Field"
    " BaseModel TypeAdapter ConfigDict Annotated Literal Any datetime date time UUID Decimal Enum Mapping Sequence"
    " TypeAlias TypeAliasType Page Client AsyncClient Namespace Model CamelModel Unknown Tag Within Alias NULLABLE"
    " OpenStrEnum Timestamp ByteStream Operation Query errors models client webhooks testing _core _sync _async"
    " _operations py.typed annotations preload close with_options Stack Auth Timeout Drift ApiError NotFound"
    # What parameters of methods may be.
    " timeout headers options body request response params query path cookies cursor limit"
    # What Windows does not have, and what differs in case or punctuation only.
    " con CON nul aux com1 a A a_b a-b aB A_B ab AB a.b a/b straße STRASSE ß ss \u0130 \u0131 ﬁ fi K \u212a"
    " \u00e9 e\u0301 ª º".split()
)
_ODD: Final = st.sampled_from(
    "|  |a b|\u00a0|\u200b|\u202e|\n|\0|'|\"|'''|\"\"\"|\\|{}|{{ x }}|%s|#|🙂|🙂🙃|日本|ключ|مفتاح|1|1a".split("|")
) | st.sampled_from(("-1", "+1", "0x", "1e5", SURROGATE, "$ref", "é" * 300, "x" * 300))
NAMES: Final = _HOSTILE | _ODD | st.text(max_size=6)
_SCALARS: Final = st.sampled_from(("string", "integer", "boolean"))


@st.composite
def _records(draw: st.DrawFn) -> dict[str, Any]:
    properties = draw(st.dictionaries(NAMES, _SCALARS.map(lambda kind: {"type": kind}), max_size=4))
    return {"type": "object", "properties": properties}


@st.composite
def _declarations(draw: st.DrawFn, others: list[str]) -> dict[str, Any]:
    match draw(st.sampled_from(("record", "enum", "alias", "union", "holder"))):
        case "enum":
            return {"type": "string", "enum": draw(st.lists(NAMES, min_size=2, max_size=5, unique=True))}
        case "alias":
            return {"type": "array", "items": {"type": draw(_SCALARS)}}
        case "union":
            title = st.fixed_dictionaries({"title": NAMES})
            members = draw(st.lists(st.tuples(_records(), title), min_size=2, max_size=3))
            return {"oneOf": [{**record, **named} for record, named in members]}
        case "holder" if others:
            return {"type": "object", "properties": {draw(NAMES): reference(draw(st.sampled_from(others)))}}
        case _:
            return draw(_records())


def reference(name: str) -> dict[str, str]:
    """Return a reference to a component."""
    escaped = name.replace("~", "~0").replace("/", "~1").replace("%", "%25")
    return {"$ref": f"#/components/schemas/{escaped}"}


@st.composite
def _operations(draw: st.DrawFn, components: list[str], names: list[str]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    queries = draw(st.lists(NAMES.filter(bool), max_size=3, unique=True))
    parameters += [{"name": name, "in": "query", "schema": {"type": draw(_SCALARS)}} for name in queries]
    described = draw(NAMES)
    operation: dict[str, Any] = {"parameters": parameters, "responses": {"204": {"description": described}}}
    if draw(st.booleans()):
        operation["operationId"] = draw(NAMES)
    operation["tags"] = draw(st.lists(NAMES, max_size=2))
    has_body = draw(st.booleans())
    if has_body and components:
        schema = reference(draw(st.sampled_from(components)))
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return operation


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small document whose names are as bad as names can be."""
    schemas: dict[str, Any] = {}
    for name in draw(st.lists(NAMES, max_size=6, unique=True)):
        schemas[name] = draw(_declarations(list(schemas)))
    paths: dict[str, Any] = {}
    for index in range(draw(st.integers(1, 4))):
        names = draw(st.lists(NAMES.filter(lambda name: name and not set("{}/") & set(name)), max_size=2, unique=True))
        path = f"/p{index}" + "".join(f"/{{{name}}}" for name in names)
        methods = draw(st.lists(st.sampled_from(("get", "post", "head")), min_size=1, max_size=2, unique=True))
        paths[path] = {method: draw(_operations(list(schemas), names)) for method in methods}
    return {
        "openapi": "3.1.0",
        "info": {"title": draw(NAMES), "version": draw(NAMES), "description": draw(NAMES)},
        "servers": [{"url": "https://server.test"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
