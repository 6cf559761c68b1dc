"""The log of calls: a line for each attempt and one for each call, without any secret."""

from __future__ import annotations

import logging
from functools import cache


@cache
def logger() -> logging.Logger:
    """Return the logger that has the name of this package.

    Nothing is set up but that it is silent where nobody listens, as the standard
    library asks of a library.
    """
    package = (__package__ or __name__).removesuffix("._core")
    found = logging.getLogger(package)
    found.addHandler(logging.NullHandler())
    return found


def log_attempt(
    *,
    operation: str,
    method: str,
    path: str,
    attempt: int,
    outcome: int | str,
    duration: float,
    delay: float | None,
) -> None:
    """Log an attempt: DEBUG, or WARNING where another follows.

    Args:
        operation: The attribute path of the method.
        method: The HTTP method.
        path: The path template.
        attempt: Its number.
        outcome: The status, or what happened where no answer came.
        duration: Seconds that it took.
        delay: Seconds until the next; None: it was the last.
    """
    level = logging.DEBUG if delay is None else logging.WARNING
    log = logger()
    if not log.isEnabledFor(level):
        return
    again = "" if delay is None else f"; again in {delay:.3f} s"
    log.log(
        level,
        "%s: attempt %d, %s %s: %s after %.3f s%s",
        *(operation, attempt, method, path, outcome, duration, again),
        extra={
            "operation": operation,
            "method": method,
            "path": path,
            "attempt": attempt,
            "status": outcome if isinstance(outcome, int) else None,
            "fault": outcome if isinstance(outcome, str) else None,
            "duration": duration,
            "delay": delay,
        },
    )


def log_call(
    *,
    operation: str,
    method: str,
    path: str,
    attempts: int,
    outcome: int | str,
    duration: float,
) -> None:
    """Log a call that is over: INFO.

    Args:
        operation: The attribute path of the method.
        method: The HTTP method.
        path: The path template.
        attempts: How many there were.
        outcome: The last status, or the name of what was raised.
        duration: Seconds that it took, waits included.
    """
    log = logger()
    if not log.isEnabledFor(logging.INFO):
        return
    log.info(
        "%s: %s %s: %s after %.3f s, attempts: %d",
        *(operation, method, path, outcome, duration, attempts),
        extra={
            "operation": operation,
            "method": method,
            "path": path,
            "attempts": attempts,
            "status": outcome if isinstance(outcome, int) else None,
            "error": outcome if isinstance(outcome, str) else None,
            "duration": duration,
        },
    )


def log_hook_failure(operation: str, error: Exception) -> None:
    """Log that a caller's own function failed: ERROR, with its traceback."""
    text = "%s: on_response raised %s; the call goes on without it"
    logger().error(text, operation, type(error).__name__, exc_info=error)
