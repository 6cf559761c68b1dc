"""What the environment says about where a service is and who is asking."""

from __future__ import annotations

from collections.abc import Mapping

from .auth import Auth, BearerToken, ClientCredentials, NoAuth
from .service import Service
from .url import Stack


def from_environment(
    service: Service, environ: Mapping[str, str]
) -> tuple[Stack | str, Auth]:
    """Return the server and the credential that environment variables name.

    The names begin with the service's prefix: ``FORMANCE_BASE_URL``, or
    ``FORMANCE_ORGANIZATION``, ``FORMANCE_STACK`` and ``FORMANCE_ENVIRONMENT``; then
    ``FORMANCE_CLIENT_ID`` and ``FORMANCE_CLIENT_SECRET``, or ``FORMANCE_TOKEN``. With a
    base URL the credential may be missing: there may be a proxy that adds it.

    Raises:
        ValueError: A variable is missing; the message names it.
    """
    prefix = (service.env_prefix or service.name).upper()
    base_url = environ.get(f"{prefix}_BASE_URL")
    auth = _credential(prefix, environ)
    if base_url:
        return base_url, auth or NoAuth()
    names = [f"{prefix}_{part}" for part in ("ORGANIZATION", "STACK", "ENVIRONMENT")]
    missing = [name for name in names if not environ.get(name)]
    if len(missing) == len(names):
        raise ValueError(f"{prefix}_BASE_URL is not set; nor are {', '.join(names)}")
    if missing:
        raise ValueError(f"{', '.join(missing)} must be set too")
    if auth is None:
        raise ValueError(
            f"{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET, or {prefix}_TOKEN, "
            "must be set too"
        )
    organization, stack, environment = (environ[name] for name in names)
    return Stack(organization, stack, environment), auth


def _credential(
    prefix: str, environ: Mapping[str, str]
) -> BearerToken | ClientCredentials | None:
    names = [f"{prefix}_CLIENT_ID", f"{prefix}_CLIENT_SECRET"]
    missing = [name for name in names if not environ.get(name)]
    if not missing:
        return ClientCredentials(*(environ[name] for name in names))
    if len(missing) < len(names):
        raise ValueError(f"{missing[0]} must be set too")
    token = environ.get(f"{prefix}_TOKEN")
    return BearerToken(token) if token else None
