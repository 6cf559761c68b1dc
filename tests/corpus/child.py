"""Runs work in a process of its own that everything is loaded in already, and tells how it ended."""

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How work ended."""

    code: int
    """The exit code; 70 where an exception came out, minus the signal where one ended it."""
    said: str
    """What it wrote to its outputs."""
    seconds: float
    """Of its processors."""
    megabytes: int
    """The most memory that it had."""
    is_late: bool = False
    """Whether it was ended because it took too long."""


def forked(work: Callable[[], int], log: Path, *, limit: float) -> Ended:
    """Run work in a fork of this process, and wait for it.

    Args:
        work: Returns an exit code.
        log: What it says is written here.
        limit: Seconds of a processor after which it is killed; if it waits rather than works, ten times as many.
    """
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit)))
        os._exit(_run(work, log))
    end = time.monotonic() + 10 * limit
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    return Ended(
        code=os.waitstatus_to_exitcode(status),
        said=log.read_text(encoding="utf-8", errors="replace"),
        seconds=usage.ru_utime + usage.ru_stime,
        megabytes=_megabytes(usage),
        is_late=os.waitstatus_to_exitcode(status) == -signal.SIGKILL,
    )


def _megabytes(usage: resource.struct_rusage) -> int:
    return usage.ru_maxrss // 1024


def _run(work: Callable[[], int], log: Path) -> int:
    """Be the child."""
    with log.open("w", encoding="utf-8") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
        sys.stdout = sys.stderr = out
        try:
            return work()
        except SystemExit as exit_:
            return exit_.code if isinstance(exit_.code, int) else 1
        except BaseException:  # noqa: BLE001 - it is what is looked for
            traceback.print_exc(file=out)
            return 70
        finally:
            out.flush()
