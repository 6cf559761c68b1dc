"""Documents of the network: fetched once, kept beside the document, and pinned by their SHA-256 in ``refs.lock``."""

import hashlib
import re
from pathlib import Path
from typing import Final

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.emit import replace_files
from formance_codegen.load.addresses import Address
from formance_codegen.source import SourceFile

LOCK: Final = "refs.lock"
"""One line each: the SHA-256 of what an address had when it was first fetched, and the address."""
KEPT: Final = ".refs"
"""The folder of what was fetched, each file under its SHA-256."""

_LINE: Final = re.compile(r"([0-9a-f]{64})  (\S+)")
_HEAD: Final = "# Documents that others refer to, as they were first fetched; remove a line to fetch it anew.\n"


class Remote:
    """What one document and its neighbours refer to outside of this machine.

    Args:
        folder: The folder of the document.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pins = _pins(folder / LOCK)
        self._new: dict[str, bytes] = {}
        self._faults: list[Diagnostic] = []

    def read(self, address: Address) -> SourceFile | str:
        """Return a document: as it was kept, or else as it is fetched; a text says why there is none."""
        pin = self._pins.get(address)
        kept = self._kept(pin) if pin else None
        content = self._fetched(address, pin) if kept is None else kept
        if isinstance(content, str):
            return content
        try:
            return SourceFile(name=_shown(address), text=content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return "it is not text in UTF-8"

    def save(self) -> Outcome[bool]:
        """Write what was fetched, and its pins."""
        if self._faults:
            return Outcome(value=None, diagnostics=tuple(self._faults))
        if not self._new:
            return Outcome(value=True)
        lines = "".join(f"{pin}  {address}\n" for address, pin in sorted(self._pins.items()))
        files = {f"{KEPT}/{pin}": content for pin, content in self._new.items()}
        written = replace_files(self._folder, {**files, LOCK: (_HEAD + lines).encode()})
        return Outcome(value=None if written.value is None else True, diagnostics=written.diagnostics)

    def _kept(self, pin: str) -> bytes | None:
        try:
            content = (self._folder / KEPT / pin).read_bytes()
        except OSError:
            return None
        # Somebody may have edited it.
        return content if hashlib.sha256(content).hexdigest() == pin else None

    def _fetched(self, address: Address, pin: str | None) -> bytes | str:
        # The HTTP library takes a while to load.
        from formance_codegen.update.fetch import download
        from formance_codegen.update.sources import fault_of_address

        if fault := fault_of_address(address):
            return fault

        outcome = download(address)
        if outcome.value is None:
            return outcome.diagnostics[0].message
        found = hashlib.sha256(outcome.value).hexdigest()
        if pin is not None and found != pin:
            message = f"{_shown(address)} has changed since {LOCK} was written: its SHA-256 is {found}, not {pin}"
            note = f"see what changed, and remove its line from {LOCK} to accept it"
            self._faults.append(diagnose("wrong-hash", message, notes=(note,)))
            return message
        self._pins[address] = found
        self._new[found] = outcome.value
        return outcome.value


def _pins(lock: Path) -> dict[str, str]:
    try:
        text = lock.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return {address: pin for pin, address in _LINE.findall(text)}


def _shown(address: str) -> str:
    from formance_codegen.update.fetch import shown

    return shown(address)
