"""What large documents cost: to generate from, beside other generators in the same rounds, and to use.

usage: python tests/benchmarks/large_documents.py [--rounds N] [--peers FOLDER] SPEC...

CPU seconds count a process and its children; a machine with other work slows all of a round alike, so ratios are the
medians over rounds. ``--peers`` is the folder of an environment's programs with openapi-python-client and
datamodel-codegen in it; those that are not there are left out, and one that fails is told so.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
OURS: Final = "formance-codegen"

PEERS: Final[Mapping[str, Callable[[str, str], tuple[str, ...]]]] = {
    "openapi-python-client": lambda spec, folder: ("generate", "--path", spec, "--output-path", f"{folder}/client"),
    "datamodel-codegen": lambda spec, folder: ("--input", spec, "--input-file-type", "openapi", "--output", folder),
}

USE: Final = """
import importlib, json, resource, sys, time

started = time.process_time()
package = importlib.import_module("large")
imported = time.process_time()
name = next(name for name in package.__all__ if name.endswith("Client") and not name.startswith("Async"))
client = getattr(package, name)("http://localhost:1")
made = time.process_time()
models = sum(".models." in name for name in sys.modules)
print(json.dumps({
    "import ms": round(1000 * (imported - started), 1),
    "client ms": round(1000 * (made - imported), 1),
    "models loaded": models,
    "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a process took."""

    cpu: float
    """In seconds, of the system too."""
    peak: int
    """In MiB."""
    failed: bool


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("specs", nargs="+", type=Path, metavar="SPEC")
    options = parser.parse_args()
    folder: Path | None = options.peers
    programs = {} if folder is None else {name: folder / name for name in PEERS}
    peers = {name: program for name, program in programs.items() if program.exists()}
    for spec in options.specs:
        rounds = [measure(spec, peers) for _ in range(options.rounds)]
        say(f"{spec.name}, {spec.stat().st_size // 1024:,} KB")
        for name in (OURS, *peers):
            say(f"  {name}: {report([each[name] for each in rounds], [each[OURS] for each in rounds])}")
        say(f"  its client: {use(spec)}")


def measure(spec: Path, peers: Mapping[str, Path]) -> dict[str, Cost]:
    """Run every generator once."""
    with tempfile.TemporaryDirectory() as home:
        costs = {OURS: cost(generator(spec, f"{home}/ours"))}
        for name, program in peers.items():
            (Path(home) / name).mkdir()
            costs[name] = cost((str(program), *PEERS[name](str(spec), f"{home}/{name}")))
        return costs


def generator(spec: Path, folder: str) -> tuple[str, ...]:
    """Return the command that generates with this checkout."""
    module = (sys.executable, "-m", "formance_codegen")
    return (*module, "generate", str(spec), "--output", folder, "--package", "large")


def cost(command: tuple[str, ...]) -> Cost:
    """Run a command and return what it took, without what it says."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "codegen")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    return Cost(cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss // 1024, failed=status != 0)


def report(costs: list[Cost], ours: list[Cost]) -> str:
    """Return one line about a generator."""
    if any(each.failed for each in costs):
        return "failed"
    ratio = statistics.median(each.cpu / own.cpu for each, own in zip(costs, ours, strict=True))
    least = min(each.cpu for each in costs)
    return f"{least:.1f} s CPU at best, {ratio:.2f} of ours, {max(each.peak for each in costs)} MiB"


def use(spec: Path) -> str:
    """Return what the client costs before its first call, its modules compiled."""
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(
            generator(spec, home),
            env={**os.environ, "PYTHONPATH": str(ROOT / "codegen")},
            check=True,
            capture_output=True,
        )
        command = [sys.executable, "-c", USE]
        environment = {**os.environ, "PYTHONPATH": home}
        # The first one compiles the modules.
        _, done = (
            subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(2)
        )
        found: dict[str, object] = json.loads(done.stdout)
        return ", ".join(f"{key} {value}" for key, value in found.items())


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
