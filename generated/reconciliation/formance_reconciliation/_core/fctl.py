"""The profile of fctl, the command line of Formance: its cached token of a stack."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn

from .errors import AuthError
from .guards import is_list, is_mapping
from .secret import Credential, Secret, checked_secret

HOME: Final = ".config/formance/fctl"
"""Where fctl keeps its files, below the home directory."""
OLD: Final = ".formance/fctl.config"
"""The file of fctl before version 3."""
ENOUGH: Final = 5.0
"""A token is used while more seconds than these are left, as fctl itself does."""
RENEW: Final = (
    "run a command of fctl on the stack, such as `fctl ledger list`, which renews it, "
    "or use `fctl stack proxy` and no credential"
)


class FctlProfile(Credential):
    """What `fctl login` left on this machine: the token of a stack, and its address.

    Nothing is ever written, and no token is renewed here: fctl does that. Its files are
    read at each call, so what it renewed is used at once.

    Args:
        name: The profile; None: the current one.
        config_dir: The folder of fctl; None: what ``CONFIG_DIR`` says, else
            ``~/.config/formance/fctl``.
        organization: The id of the organization; None: the profile's default.
        stack: The id of the stack; None: the profile's default.

    Raises:
        ValueError: A name or an id is not one.
    """

    __slots__ = ("config_dir", "name", "organization", "stack")
    name: str | None
    config_dir: Path
    organization: str | None
    stack: str | None

    def __init__(
        self,
        name: str | None = None,
        *,
        config_dir: str | os.PathLike[str] | None = None,
        organization: str | None = None,
        stack: str | None = None,
    ) -> None:
        given = {"name": name, "organization": organization, "stack": stack}
        for what, value in given.items():
            if value is not None and not _is_part(value):
                raise ValueError(f"{what}: {value!r} is not the name of one")
        folder = config_dir or os.environ.get("CONFIG_DIR")
        path = Path(folder) if folder else Path.home() / HOME
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "config_dir", path)
        object.__setattr__(self, "organization", organization)
        object.__setattr__(self, "stack", stack)

    def __repr__(self) -> str:
        chosen = [
            f"{each}={value!r}"
            for each in ("name", "organization", "stack")
            if (value := getattr(self, each)) is not None
        ]
        return f"FctlProfile({', '.join(chosen)})"

    @property
    def server(self) -> str:
        """The URL of the stack, to make a client for it.

        Raises:
            AuthError: The profile does not know the stack.
        """
        profile = self._profile()
        organization, stack = self._chosen(profile)
        claims = profile.fields("rootTokens").fields("idToken").fields("claims")
        for each in claims.named("org", organization):
            for known in each.named("stacks", stack):
                if uri := known.text("uri"):
                    return uri
        raise AuthError(
            f"fctl's profile {self._name()!r} knows no stack {stack!r} of the "
            f"organization {organization!r}; run `fctl login` again if it is new"
        )

    def token(self, now: float, rejected: str | None = None) -> Secret:
        """Return the cached token of the stack.

        Args:
            now: The time, in seconds since 1970.
            rejected: The token that the service has just refused.

        Raises:
            AuthError: There is none, or none that is still good.
        """
        organization, stack = self._chosen(self._profile())
        folder = self._folder() / "organizations" / organization / "stacks" / stack
        cached = _read(folder / "api_token_cache.json")
        if cached is None:
            raise AuthError(f"fctl has no token of the stack {stack!r}: {RENEW}")
        ends = _moment(cached.text("expiry"))
        if ends is None or ends - now <= ENOUGH:
            raise AuthError(f"fctl's token of the stack {stack!r} has ended: {RENEW}")
        try:
            found = checked_secret(cached.text("accessToken"), "accessToken")
        except ValueError:
            raise AuthError(
                f"fctl's token of the stack {stack!r} cannot be sent: {RENEW}"
            ) from None
        if found == rejected:
            raise AuthError(f"fctl's token of the stack {stack!r} is refused: {RENEW}")
        return found

    def _profile(self) -> _Fields:
        if not self.config_dir.is_dir():
            self._refuse_nothing()
        found = _read(self._folder() / "profile.json")
        if found is None:
            raise AuthError(
                f"fctl has no profile {self._name()!r} in {self.config_dir}"
            )
        return found

    def _refuse_nothing(self) -> NoReturn:
        if (Path.home() / OLD).is_file():
            raise AuthError(
                f"there is only ~/{OLD}, of fctl 2: its tokens cannot be used here; "
                "install fctl 3 and run `fctl login`"
            )
        raise AuthError(f"there is no {self.config_dir}: run `fctl login` first")

    def _folder(self) -> Path:
        return self.config_dir / "profiles" / self._name()

    def _name(self) -> str:
        if self.name is not None:
            return self.name
        config = _read(self.config_dir / "config.yml")
        current = "" if config is None else config.text("currentProfile")
        if current and not _is_part(current):
            raise AuthError("fctl's current profile is not the name of one")
        return current or "default"

    def _chosen(self, profile: _Fields) -> tuple[str, str]:
        chosen: list[str] = []
        for what, given, default in (
            ("organization", self.organization, "defaultOrganization"),
            ("stack", self.stack, "defaultStack"),
        ):
            value = given or profile.text(default)
            if not value:
                raise AuthError(
                    f"fctl's profile {self._name()!r} has no default {what}: "
                    f"give FctlProfile {what}="
                )
            if not _is_part(value):
                raise AuthError(f"fctl's default {what} is not the id of one")
            chosen.append(value)
        organization, stack = chosen
        return organization, stack


class _Fields:
    """An object of JSON that is not shown: there are tokens in it."""

    __slots__ = ("_values",)

    def __init__(self, values: object) -> None:
        empty: Mapping[object, object] = {}
        self._values = values if is_mapping(values) else empty

    def text(self, name: str) -> str:
        """Return a text; empty where there is none."""
        found = self._values.get(name)
        return found if isinstance(found, str) else ""

    def fields(self, name: str) -> _Fields:
        """Return an object; an empty one where there is none."""
        return _Fields(self._values.get(name))

    def named(self, name: str, wanted: str) -> list[_Fields]:
        """Return those objects of a list that have an id."""
        entries = self._values.get(name)
        found = [_Fields(each) for each in entries] if is_list(entries) else []
        return [each for each in found if each.text("id") == wanted]


def _is_part(text: str) -> bool:
    """Tell whether a name stands for one folder."""
    plain = all(char.isalnum() or char in "-_.@ " for char in text)
    return plain and text.strip(". ") != ""


def _read(path: Path) -> _Fields | None:
    """Return what a file of fctl holds, or None where there is none.

    Raises:
        AuthError: It cannot be read; the message does not show what it holds.
    """
    try:
        found = _parsed(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise AuthError(f"{path} cannot be read: {error.strerror}") from None
    if found is None:
        raise AuthError(f"{path} is not what fctl 3 writes")
    return found


def _parsed(content: bytes) -> _Fields | None:
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return _Fields(found) if is_mapping(found) else None


def _moment(text: str) -> float | None:
    """Return a moment of RFC 3339, in seconds since 1970."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.timestamp()
