"""Where a service, or one of its operations, can be reached."""

from dataclasses import dataclass

from formance_codegen.ir.decls import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerVariable:
    """A part of a server URL that the user chooses."""

    wire: str
    default: str
    values: tuple[str, ...] = ()
    """All values that are allowed; any where there are none."""
    doc: Doc = Doc()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the service can be reached."""

    url: str
    """May hold variables in braces; relative only where the document says no more."""
    variables: tuple[ServerVariable, ...] = ()
    doc: Doc = Doc()
