"""Writes TOML for `init`: our table in a settings file, and where documents are published."""

from collections.abc import Sequence
from pathlib import Path

import click
import tomlkit
from tomlkit.items import InlineTable, Table

from formance_codegen.cli.reading import Settings
from formance_codegen.config import TABLE, ServiceConfig
from formance_codegen.update.sources import SOURCES


def with_table(file: Path, bundled: Settings, services: Sequence[str], folders: tuple[str, str]) -> bytes:
    """Return a settings file with a table for the generator behind what it holds.

    Args:
        file: The file, if there is one.
        bundled: The settings that come with the generator.
        services: Those of its services that get their settings.
        folders: Of the documents, and of the projects.

    Raises:
        click.ClickException: There is no place for the table.
    """
    document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.is_file() else tomlkit.document()
    table = tomlkit.table()
    table.add("specs", folders[0])
    table.add("output", folders[1])
    if services:
        chosen = tomlkit.table()
        for name in services:
            chosen.add(name, _service(bundled.config.services[name]))
        table.add("services", chosen)
    if TABLE[0] not in document:
        document.add(TABLE[0], tomlkit.table(is_super_table=True))
    tool = document[TABLE[0]]
    if not isinstance(tool, Table):
        raise click.ClickException(f"{file}: {TABLE[0]} is not a table")
    tool.add(TABLE[1], table)
    return tomlkit.dumps(document).encode()


def _service(config: ServiceConfig) -> InlineTable:
    """Return the settings of a service, in one line."""
    line = tomlkit.inline_table()
    for key in ("package", "client", "platform", "prefix"):
        value: object = getattr(config, key)
        if isinstance(value, str) and value:
            line.append(key, value)
    return line


def sources_of(bundled: Settings, services: Sequence[str]) -> bytes:
    """Return where the documents of some services are published."""
    document = tomlkit.parse((bundled.specs / SOURCES).read_text(encoding="utf-8"))
    for name in [name for name in document if name not in services]:
        document.remove(name)
    return tomlkit.dumps(document).encode()
