"""Writes TOML for `init` behind what a file holds: settings, and where documents are published."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Final, TypeGuard

import click
import tomlkit

from formance_codegen.config import TABLE, Config
from formance_codegen.resources import resources
from formance_codegen.update.sources import SOURCES


def with_settings(content: bytes, own: Config | None, services: Iterable[str]) -> bytes:
    """Return a ``pyproject.toml`` with settings of the generator behind what it holds, which stays byte for byte.

    Args:
        content: The file; empty where there is none.
        own: The settings that it has; None where it has no table of ours.
        services: The services of Formance that shall have settings; those that have some keep them.

    Raises:
        click.ClickException: The file leaves no place for a table.
    """
    bundled = _table(tomllib.loads(resources().config.read_text(encoding="utf-8")), *TABLE, "services")
    folders = {"specs": Config().specs, "output": Config().output} if own is None else {}
    missing = {name: bundled[name] for name in services if own is None or name not in own.services}
    if not folders and not missing:
        return content
    settings = {**folders, **({"services": missing} if missing else {})}
    addition = tomlkit.dumps({TABLE[0]: {TABLE[1]: settings}})
    result = behind(content, addition, gap=True)
    try:
        tomllib.loads(result.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        message = (
            f"pyproject.toml leaves no place for a table behind what it holds; write into it what says:\n{addition}"
        )
        raise click.ClickException(message) from None
    return result


def with_sources(content: bytes, there: Iterable[str], services: Iterable[str]) -> bytes:
    """Return a ``sources.toml`` with where services of Formance are published, behind what it holds.

    Args:
        content: The file; empty where there is none.
        there: The documents that it names.
        services: Those that it shall name.
    """
    blocks = _blocks()
    missing = [blocks[name] for name in services if name in blocks and name not in there]
    if not content and missing:
        missing.insert(0, blocks[_HEAD])
    return behind(content, "\n".join(missing), gap=True)


def behind(content: bytes, addition: str, *, gap: bool) -> bytes:
    """Return a text with another behind it, which gets its line endings and, after a ``gap``, an empty line."""
    ending = b"\r\n" if b"\r\n" in content else b"\n"
    before = content if not content or content.endswith(b"\n") or not addition else content + ending
    between = ending if gap and before and addition and not before.endswith(ending * 2) else b""
    return before + between + addition.encode().replace(b"\n", ending)


def _table(data: object, *path: str) -> Mapping[str, object]:
    for key in path:
        data = data.get(key) if _is_mapping(data) else None
    return data if _is_mapping(data) else {}


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


_HEAD: Final = ""


def _blocks() -> Mapping[str, str]:
    """Return the paragraphs of our own file by the document that each is about; the first one is about none."""
    text = (resources().specs / SOURCES).read_text(encoding="utf-8")
    paragraphs = [f"{each.strip()}\n" for each in re.split(r"\n{2,}", text)]
    names = [re.search(r"^\[([^\]]+)\]$", each, re.MULTILINE) for each in paragraphs]
    return {name[1] if name else _HEAD: each for name, each in zip(names, paragraphs, strict=True)}
