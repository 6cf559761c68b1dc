"""The file that says where documents are published."""

import tomllib
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.source import SourceFile
from formance_codegen.update.sources import Source, fault_of_address, is_older, pinned, read_sources

ROOT: Final = Path(__file__).parents[3]
OURS: Final = (ROOT / "specs" / "sources.toml").read_text(encoding="utf-8")
PETS: Final = '[pets]\naddress = "https://example.com/{version}/pets.yaml"\n'


def read(text: str) -> dict[str, Source]:
    outcome = read_sources(SourceFile(name="sources.toml", text=text))
    assert outcome.value is not None, outcome.diagnostics
    return dict(outcome.value)


def test_our_own_file_has_all_services() -> None:
    sources = read(OURS)
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["formance-codegen"]
    assert sources.keys() == table["services"].keys()
    assert {path.stem for path in (ROOT / "specs").glob("*.yaml")} <= sources.keys()
    for name, source in sources.items():
        assert source.prose == "ours", name
        assert source.is_versioned
        assert source.latest
        assert len(source.sha256) == 64
        assert source.address_of(source.version).startswith(
            ("https://github.com/formancehq/", "https://raw.githubusercontent.com/formancehq/")
        )


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_document_says_the_version_that_is_pinned(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    version = read(OURS)[path.stem].version.removeprefix("v")
    assert f"\n  version: {version}\n" in text


def test_the_smallest_source() -> None:
    assert read(PETS) == {"pets": Source(address="https://example.com/{version}/pets.yaml")}


def test_a_version_cannot_lead_elsewhere() -> None:
    assert read(PETS)["pets"].address_of("../../x?y#z") == "https://example.com/..%2F..%2Fx%3Fy%23z/pets.yaml"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[pets", 1, ""),
        ("pets = 1\n", 1, "pets must be a table with an address"),
        ("\n[pets]\nversion = '1'\n", 2, "pets has no address"),
        (PETS + "versio = '1'\n", 3, 'there is no setting "versio" (do you mean "version"?)'),
        (PETS + "version = 1\n", 3, "version must be a string"),
        (PETS + "sha256 = 'abc'\n", 3, "sha256 must be 64 hexadecimal digits in lower case"),
        (PETS + "prose = 'mine'\n", 3, '"mine" is no choice: prose is "ours" or "published"'),
        ("[pets]\naddress = 'ftp://x'\n", 2, '"ftp://x" is no address: it must begin with https://'),
        ("[pets]\naddress = 'http://x.org/a'\n", 2, '"http://x.org/a" is not safe'),
        (PETS + "latest = 'x'\n", 3, '"x" is no address'),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, place: int, message: str) -> None:
    outcome = read_sources(SourceFile(name="sources.toml", text=text))
    assert outcome.value is None
    (found,) = outcome.diagnostics
    assert found.code.slug == "invalid-config"
    assert found.message.startswith(message)
    assert found.span is not None
    assert found.span.line == place


@pytest.mark.parametrize("address", ["https://x.org", "http://localhost:1/x", "http://127.0.0.1/", "http://[::1]:80/"])
def test_safe_addresses(address: str) -> None:
    assert fault_of_address(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x.org",
        "https://[x",
        "https://",
        "https://a b.org",
        "http://x.org",
        "http://localhost.x.org/",
        "http://127.0.0.1@x.org/",
        "file:///x",
    ],
)
def test_unsafe_addresses(address: str) -> None:
    assert fault_of_address(address) is not None


def test_pinning_keeps_all_else_as_it_is() -> None:
    text = pinned(OURS, {"ledger": ("v9.0.0", "a" * 64)})
    before, after = OURS.splitlines(), text.splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new for _, new in changed] == ['version = "v9.0.0"', f'sha256 = "{"a" * 64}"']
    assert read(text)["ledger"].version == "v9.0.0"


def test_the_first_pin_is_added() -> None:
    text = pinned(f"# why\n{PETS}# more\n", {"pets": ("1", "b" * 64)})
    assert "# why" in text
    assert "# more" in text
    assert read(text)["pets"].sha256 == "b" * 64


@pytest.mark.parametrize(
    ("version", "other", "expected"),
    [
        ("v1.2.3", "v1.2.4", True),
        ("v1.2.10", "v1.2.9", False),
        ("1.2.3", "v1.3.0", True),
        ("v3.0.0-alpha.1", "v3.0.0", True),
        ("v3.0.0", "v3.0.0-alpha.1", False),
        ("v1.2.3", "v1.2.3", False),
        ("2024", "v1.2.3", False),
        ("v1.2.3", "", False),
    ],
)
def test_which_version_is_older(version: str, other: str, *, expected: bool) -> None:
    assert is_older(version, other) is expected
