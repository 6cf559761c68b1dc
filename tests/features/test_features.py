"""What is generated from each feature: the files that show it, as they are, and black-clean Python throughout."""

import tomllib
from pathlib import Path

import pytest
from black import format_str
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from features.corpus import FOLDER, Feature, features, files
from formance_codegen.render.formatting import MODE

EXPECTED = "expected"


class ExpectedFile(SingleFileSnapshotExtension):
    """Keeps each snapshot as the file that it is: ``<feature>/expected/<path in the package>``."""

    file_extension = ""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(FOLDER)

    @classmethod
    def get_file_basename(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        return str(index)

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        return EXPECTED in Path(snapshot_location).relative_to(FOLDER).parts

    def is_snapshot_location(self, *, location: str) -> bool:
        # Nothing is looked for: what no feature shows any more is found by a test of its own.
        return False


def _shown() -> list[tuple[Feature, str]]:
    return [(feature, path) for feature in features() for path in feature.shows]


@pytest.mark.parametrize(("feature", "path"), _shown(), ids=lambda value: getattr(value, "name", value))
def test_file_is_as_expected(feature: Feature, path: str, snapshot: SnapshotAssertion) -> None:
    generated = files(feature.name)
    assert path in generated, f"{feature.name} shows {path}; there are {', '.join(sorted(generated))}"

    assert generated[path] == snapshot(name=f"{feature.name}/{EXPECTED}/{path}", extension_class=ExpectedFile)


@pytest.mark.parametrize("feature", features(), ids=lambda feature: feature.name)
def test_nothing_is_expected_that_no_feature_shows(feature: Feature) -> None:
    folder = FOLDER / feature.name / EXPECTED
    assert {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} == {*feature.shows}


@pytest.mark.parametrize("feature", features(), ids=lambda feature: feature.name)
def test_every_file_compiles_and_is_formatted(feature: Feature) -> None:
    for path, content in files(feature.name).items():
        text = content.decode()
        if path.endswith(".py"):
            compile(text, path, "exec")
            assert format_str(text, mode=MODE) == text, path
        elif path.endswith(".toml"):
            tomllib.loads(text)
