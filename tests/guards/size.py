"""Finds what has grown too long."""

import ast
from collections.abc import Mapping
from typing import Final

FILE: Final = 400
FUNCTION: Final = 50


def too_long(sources: Mapping[str, str]) -> list[str]:
    """Return the files and functions with more lines than they should have."""
    return [
        *(f"{name}: {lines} lines" for name, text in sources.items() if (lines := len(text.splitlines())) > FILE),
        *(finding for name, text in sources.items() for finding in _long_functions(name, text)),
    ]


def _long_functions(name: str, text: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = ((node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions)
    return [f"{name}.{function}: {length} lines" for function, length in lengths if length > FUNCTION]
