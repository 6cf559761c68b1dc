"""Finds code that changes files, imports what only one module may, or leaves its job untold."""

import ast
from collections.abc import Iterable, Mapping
from typing import Final

_CHANGING: Final = frozenset(
    "write_text write_bytes mkdir makedirs unlink rmdir removedirs rmtree rename touch symlink_to hardlink_to chmod "
    "mkdtemp mkstemp NamedTemporaryFile TemporaryDirectory copytree copyfile copy2".split()
)


def writers(sources: Mapping[str, str]) -> list[str]:
    """Return the calls that change files."""
    return [
        f"{name}:{node.lineno}: {function}"
        for name, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and (function := _changing(node))
    ]


def _changing(call: ast.Call) -> str | None:
    match call.func:
        case ast.Name(id="open"):
            return "open" if _is_writing(call, 1) else None
        case ast.Attribute(attr="open"):
            return "open" if _is_writing(call, 0) or _is_writing(call, 1) else None
        case ast.Attribute(value=ast.Name(id="os"), attr="replace" | "remove" | "truncate" | "write" as function):
            return function
        case ast.Attribute(attr=function) | ast.Name(id=function):
            return function if function in _CHANGING else None
        case _:
            return None


def _is_writing(call: ast.Call, position: int) -> bool:
    modes = [
        *call.args[position : position + 1],
        *(keyword.value for keyword in call.keywords if keyword.arg == "mode"),
    ]
    texts = (mode.value for mode in modes if isinstance(mode, ast.Constant))
    return any(isinstance(text, str) and len(text) < 4 and set(text) & set("wax+") for text in texts)


def importers(sources: Mapping[str, str], package: str) -> list[str]:
    """Return the modules that import a package."""
    return [name for name, text in sources.items() if package in {target.split(".")[0] for target in _targets(text)}]


def _targets(text: str) -> Iterable[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case _:
                pass


def undescribed(sources: Mapping[str, str]) -> list[str]:
    """Return the modules whose docstring does not begin with one sentence on a line of its own."""
    docstrings = ((name, ast.get_docstring(ast.parse(text)) or "") for name, text in sources.items())
    return [name for name, docstring in docstrings if not _is_sentence(docstring.partition("\n\n")[0])]


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and ". " not in text


def unfrozen(sources: Mapping[str, str]) -> list[str]:
    """Return the dataclasses that can change."""
    return [
        f"{name}.{node.name}"
        for name, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and any(_is_unfrozen(decorator) for decorator in node.decorator_list)
    ]


def _is_unfrozen(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Name(id="dataclass"):
            return True
        case ast.Call(func=ast.Name(id="dataclass"), keywords=keywords):
            return not any(keyword.arg == "frozen" for keyword in keywords)
        case _:
            return False
