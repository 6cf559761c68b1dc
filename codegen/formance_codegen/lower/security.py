"""From security schemes and requirements to what a client must present."""

from collections.abc import Iterable, Sequence

from openapi_pydantic.v3.v3_1 import OAuthFlow, OpenAPI, Reference
from openapi_pydantic.v3.v3_1 import SecurityScheme as SecuritySchemeObject

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import Operation, Requirement
from formance_codegen.ir.service import SchemeKind, SecurityScheme
from formance_codegen.load.openapi import security_scheme_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_API_KEYS = {
    "header": SchemeKind.API_KEY_HEADER,
    "query": SchemeKind.API_KEY_QUERY,
    "cookie": SchemeKind.API_KEY_COOKIE,
}


def lower_requirements(
    declared: Sequence[dict[str, list[str]]] | None,
) -> tuple[tuple[Requirement, ...], ...] | None:
    """Return the alternatives of a ``security`` entry; None where the document says nothing."""
    if declared is None:
        return None
    return tuple(
        tuple(Requirement(scheme=name, scopes=tuple(scopes)) for name, scopes in alternative.items())
        for alternative in declared
    )


def lower_schemes(session: Session, openapi: OpenAPI, operations: Iterable[Operation]) -> tuple[SecurityScheme, ...]:
    """Return the schemes of the document, then those that operations name and nobody defines: bearer tokens."""
    defined = (openapi.components.securitySchemes if openapi.components else None) or {}
    schemes = {
        name: _scheme(session, name, node, join(Pointer("/components/securitySchemes"), name))
        for name, node in defined.items()
    }
    for operation in operations:
        for requirement in (found for alternative in operation.security or () for found in alternative):
            if requirement.scheme not in schemes:
                session.report(
                    "undefined-security-scheme",
                    f'the security scheme "{requirement.scheme}" is not defined',
                    join(operation.pointer, "security"),
                    "it is taken as a bearer token",
                )
                schemes[requirement.scheme] = SecurityScheme(id=requirement.scheme, kind=SchemeKind.BEARER)
    return tuple(schemes.values())


def _scheme(session: Session, name: str, node: SecuritySchemeObject | Reference, pointer: Pointer) -> SecurityScheme:
    if isinstance(node, Reference):
        pointer, _ = resolve(session.document, node.ref)
        node = security_scheme_at(session.document, pointer)
    doc = Doc(description=node.description or "")
    flow = node.flows.clientCredentials if node.flows else None
    if node.type == "apiKey":
        kind = _API_KEYS.get(node.security_scheme_in or "header", SchemeKind.API_KEY_HEADER)
        return SecurityScheme(id=name, kind=kind, name=node.name or name, doc=doc)
    if node.type == "http" and (node.scheme or "").lower() == "basic":
        return SecurityScheme(id=name, kind=SchemeKind.BASIC, doc=doc)
    if node.type == "oauth2" and flow is not None:
        return SecurityScheme(
            id=name,
            kind=SchemeKind.CLIENT_CREDENTIALS,
            token_url=flow.tokenUrl or "",
            scopes=_scopes(flow),
            doc=doc,
        )
    return SecurityScheme(id=name, kind=_other(session, node, pointer), doc=doc)


def _other(session: Session, node: SecuritySchemeObject, pointer: Pointer) -> SchemeKind:
    """Return how a scheme is met that is a bearer token at best."""
    scheme = (node.scheme or "").lower()
    if node.type == "mutualTLS":
        found, instead = (
            "a client certificate is asked for",
            "it is that of the user's own http_client; nothing is sent",
        )
        session.report("outside-credential", found, pointer, instead)
        return SchemeKind.NONE
    if node.type == "http" and scheme != "bearer":
        found = f'the HTTP authentication scheme "{node.scheme or ""}" is not one that a client knows'
        session.report("unsupported-security-scheme", found, pointer, "nothing is sent for it")
        return SchemeKind.NONE
    if node.type == "openIdConnect":
        found, instead = (
            "how a token is got is told by OpenID Connect discovery",
            "it is a bearer token that the user brings",
        )
        session.report("outside-credential", found, pointer, instead)
    if node.type == "oauth2":
        told = node.flows.model_dump(by_alias=True, exclude_none=True) if node.flows else {}
        found = f"its tokens come from the flow {', '.join(told) or 'that it does not tell'}"
        session.report("outside-credential", found, pointer, "it is a bearer token that the user brings")
    return SchemeKind.BEARER


def _scopes(flow: OAuthFlow) -> tuple[tuple[str, str], ...]:
    return tuple((flow.scopes or {}).items())
