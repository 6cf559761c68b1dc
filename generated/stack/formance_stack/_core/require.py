"""The telling of a package that is not installed."""

from __future__ import annotations

from importlib.util import find_spec


def require(package: str, distribution: str) -> None:
    """Make sure that a package is there to be imported.

    Raises:
        ModuleNotFoundError: It is not; the message names what to install.
    """
    if find_spec(package) is None:
        raise ModuleNotFoundError(
            f"{package} is not installed; it comes with the distribution "
            f"{distribution}: pip install {distribution}",
            name=package,
        )
