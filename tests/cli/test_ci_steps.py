"""What `init --ci` writes, run here: each step with bash, in a real repository."""

import shutil
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import pytest

from cli.conftest import PETS
from cli.machine import Machine, git, load, machine_in, mapping, program, sequence, start, texts
from cli.test_update import publisher
from loopback import Answer, Recorded, json_answer

if TYPE_CHECKING:
    from cli.conftest import Run

WORKFLOW: Final = ".github/workflows/formance-codegen.yml"
PIPELINE: Final = ".gitlab/formance-codegen.yml"
SPECS: Final = 'api $(touch pwned) "docs"'
"""A folder that a careless script would run."""

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("bash", "git")), reason="bash and git are needed"
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Machine]:
    """A repository, a publisher of its document, and tools that only record."""
    with machine_in(tmp_path, monkeypatch) as made:
        yield made


class TestGitHub:
    """The workflow."""

    def test_a_newer_release_becomes_a_pull_request(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        self.job(machine, "update")
        assert [call[:2] for call in machine.said("gh")] == [["auth", "setup-git"], ["pr", "list"], ["pr", "create"]]
        body = self.body(machine)
        assert "## Python API: minor" in body
        assert "`count_pets` is new" in body
        assert body == (machine.tools / "summary").read_text()
        assert 'version = "v1.1.0"' in machine.pushed("specs/sources.toml")
        assert "def count_pets" in machine.pushed("generated/pets/pets_client/_sync.py")
        assert git("--git-dir", "../remote", "rev-parse", "main") == git("rev-parse", "main")
        assert git("status", "--porcelain") == ""
        (install,) = machine.said("python")
        assert install[:4] == ["-m", "pip", "install", "--quiet"]
        assert install[4].startswith("formance-codegen==")

    def test_the_open_pull_request_is_brought_up_to_date(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        self.job(machine, "update")
        git("switch", "--quiet", "main")
        git("branch", "--quiet", "--delete", "--force", "formance-codegen/update")
        (machine.tools / "gh.open").write_text("1")
        self.job(machine, "update")
        assert machine.said("gh")[-1][:3] == ["pr", "edit", "formance-codegen/update"]
        assert "`count_pets` is new" in self.body(machine)

    def test_nothing_new_is_no_pull_request(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        machine.server.handler = publisher({"v1.0.0": PETS}, latest="v1.0.0")
        self.job(machine, "update")
        assert machine.said("gh") == []
        assert git("branch", "--show-current") == "main\n"

    def test_without_addresses_only_the_generator_is_followed(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        (machine.work / "specs/sources.toml").unlink()
        self.job(machine, "update")
        assert "## Python API: no changes" in self.body(machine)

    def test_a_folder_is_no_command(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github", specs=SPECS)
        self.job(machine, "update")
        assert "`count_pets` is new" in self.body(machine)
        assert 'version = "v1.1.0"' in machine.pushed(f"{SPECS}/sources.toml")
        assert list(machine.work.parent.rglob("pwned")) == []

    def test_a_long_report_is_cut_where_the_forge_would_refuse_it(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        tool = machine.tools / "formance-codegen"
        real = tool.read_text().partition("\n")[2]
        program(tool, f"if [ \"$1\" = diff ]; then printf -- '- `count_%s` is new\\n' $(seq 3000); exit; fi\n{real}")
        self.job(machine, "update")
        body = self.body(machine)
        assert 50_000 < len(body) < 65_536
        assert "see the summary" in body.splitlines()[-1]
        assert "`count_3000` is new" in (machine.tools / "summary").read_text()

    def test_a_pull_request_is_checked(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        assert "::error" not in self.job(machine, "check")
        model = machine.work / "generated/pets/pets_client/models/pet.py"
        model.write_text(f"{model.read_text()}# mine\n")
        (machine.work / "generated/pets/README.md").unlink()
        told = self.job(machine, "check", code=1)
        assert "::error file=generated/pets/pets_client/models/pet.py" in told
        assert "::error file=generated/pets/README.md" in told

    def test_only_the_last_step_has_credentials(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        workflow = load(machine.work / WORKFLOW)
        assert workflow["permissions"] == {}
        jobs = mapping(workflow["jobs"])
        rights = {name: mapping(job)["permissions"] for name, job in jobs.items()}
        assert rights == {"check": {"contents": "read"}, "update": {"contents": "write", "pull-requests": "write"}}
        for job in jobs.values():
            steps = [mapping(step) for step in sequence(mapping(job)["steps"])]
            assert mapping(steps[0]["with"]) == {"persist-credentials": False}
            assert ["secrets" in str(step) or "github.token" in str(step) for step in steps[:-1]] == [False] * (
                len(steps) - 1
            )

    def job(self, machine: Machine, name: str, *, code: int = 0) -> str:
        """Run the steps of a job, the last of which ends with a code; return what they wrote."""
        workflow = load(machine.work / WORKFLOW)
        job = mapping(mapping(workflow["jobs"])[name])
        steps = [mapping(step) for step in sequence(job["steps"]) if "run" in mapping(step)]
        assert mapping(mapping(workflow["defaults"])["run"]) == {"shell": "bash"}
        machine.outputs.clear()
        wrote = ""
        for step in steps:
            if "if" in step:
                assert step["if"] == "steps.changes.outputs.found == 'true'"
                if machine.outputs.get("found") != "true":
                    continue
            own = {key: "secret" if "${{" in value else value for key, value in texts(step.get("env")).items()}
            done = machine.bash(str(step["run"]), texts(workflow["env"]) | texts(job.get("env")) | own)
            wrote += done.stdout
            assert done.returncode == (code if step is steps[-1] else 0), f"{step['name']}\n{done.stdout}{done.stderr}"
        return wrote

    def body(self, machine: Machine) -> str:
        call = machine.said("gh")[-1]
        return Path(call[call.index("--body-file") + 1]).read_text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is needed")
class TestGitLab:
    """The pipeline."""

    def test_a_newer_release_becomes_a_merge_request(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "gitlab", specs=SPECS)
        asked = self.update(machine, opened=[])
        assert [(request.method, request.target.partition("?")[0]) for request in asked] == [
            ("GET", "/api/v4/projects/7/merge_requests"),
            ("POST", "/api/v4/projects/7/merge_requests"),
        ]
        query = parse_qs(asked[0].target.partition("?")[2])
        assert query == {"state": ["opened"], "source_branch": ["formance-codegen/update"]}
        assert [request.header("private-token") for request in asked] == ["secret", "secret"]
        sent = parse_qs(asked[1].body.decode())
        assert (sent["source_branch"], sent["target_branch"]) == (["formance-codegen/update"], ["main"])
        assert "## Python API: minor\n" in sent["description"][0]
        assert "`count_pets` is new" in sent["description"][0]
        assert "def count_pets" in machine.pushed("generated/pets/pets_client/_sync.py")
        assert 'version = "v1.1.0"' in machine.pushed(f"{SPECS}/sources.toml")
        assert list(machine.work.parent.rglob("pwned")) == []

    def test_the_open_merge_request_is_brought_up_to_date(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "gitlab")
        asked = self.update(machine, opened=[{"iid": 12}])
        assert (asked[1].method, asked[1].target) == ("PUT", "/api/v4/projects/7/merge_requests/12")
        assert "`count_pets` is new" in parse_qs(asked[1].body.decode())["description"][0]

    def test_nothing_new_is_no_merge_request(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "gitlab")
        machine.server.handler = publisher({"v1.0.0": PETS}, latest="v1.0.0")
        assert self.update(machine, opened=[]) == []

    def test_a_refusal_of_the_forge_fails_the_job(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "gitlab")
        assert len(self.update(machine, opened=None, code=22)) == 1

    def test_a_merge_request_is_checked(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "gitlab")
        self.job(machine, "formance-codegen:check", {}, code=0)
        (machine.work / "generated/pets/README.md").unlink()
        self.job(machine, "formance-codegen:check", {}, code=1)

    def test_the_pipeline_takes_it_in(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "gitlab")
        assert load(machine.work / ".gitlab-ci.yml") == {"include": [{"local": f"/{PIPELINE}"}]}
        assert (machine.work / PIPELINE).is_file()

    def update(self, machine: Machine, *, opened: Sequence[object] | None, code: int = 0) -> list[Recorded]:
        """Run the job that follows the documents; return what it asked of the forge."""
        publish = machine.server.handler
        assert publish is not None

        def answer(request: Recorded) -> Answer:
            if not request.target.startswith("/api/"):
                return publish(request)
            return Answer(status=403) if opened is None else json_answer(opened if request.method == "GET" else {})

        machine.server.handler = answer
        git("checkout", "--quiet", "--detach")
        self.job(machine, "formance-codegen:update", self.variables(machine), code=code)
        return [request for request in machine.server.requests if request.target.startswith("/api/")]

    def variables(self, machine: Machine) -> Mapping[str, str]:
        """Return what the forge sets, with a remote on this machine in place of its own."""
        return {
            "CI_API_V4_URL": f"{machine.server.url}/api/v4",
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_ID": "7",
            "CI_PROJECT_PATH": "group/shop",
            "CI_SERVER_FQDN": "forge.example",
            "CI_SERVER_PROTOCOL": "https",
            "FORMANCE_CODEGEN_TOKEN": "secret",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{machine.work.parent / 'remote'}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://formance-codegen:secret@forge.example/group/shop.git",
        }

    def job(self, machine: Machine, name: str, variables: Mapping[str, str], *, code: int) -> None:
        """Run a job as the runner does: all lines of its scripts in one shell."""
        pipeline = load(machine.work / PIPELINE)
        job = {**mapping(pipeline[".formance-codegen"]), **mapping(pipeline[name])}
        lines = [line for part in ("before_script", "script") for line in sequence(job[part])]
        assert all(isinstance(line, str) for line in lines)
        done = machine.bash("\n".join(map(str, lines)), {**texts(job["variables"]), **variables})
        assert done.returncode == code, f"{done.stdout}{done.stderr}"
