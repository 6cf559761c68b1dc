"""Name the arguments of a client that fill in the variables of its server."""

from collections.abc import Mapping
from typing import Final

from formance_codegen.ir.servers import Server
from formance_codegen.naming import PyName
from formance_codegen.naming.identifier import attribute
from formance_codegen.naming.reserved import PARAMETER
from formance_codegen.naming.scope import Claim, Scope

_OWN: Final = frozenset("""server auth timeout max_retries headers http_client on_drift strict on_request on_response
    max_response_bytes allow_http""".split())
"""The arguments that every client has."""


def name_variables(server: Server | None) -> Mapping[str, PyName]:
    """Return the argument of each variable of the server that a client uses by default."""
    claims = [
        Claim(
            key=variable.wire,
            candidates=(
                attribute(variable.wire, context=PARAMETER, fallback="variable"),
                attribute(f"server {variable.wire}", context=PARAMETER, fallback="variable"),
            ),
            tie=variable.wire,
        )
        for variable in (server.variables if server else ())
    ]
    return Scope(context=PARAMETER, taken=_OWN).settle(claims).names
