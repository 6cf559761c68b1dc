"""What `init --ci` and this repository's action run in CI, run here: each step with bash, in a real repository."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard
from urllib.parse import parse_qs

import pytest
import yaml

from cli.conftest import PETS
from cli.test_update import NEWER, digest, pin, publisher
from loopback import Answer, Loopback, Recorded, json_answer, loopback

if TYPE_CHECKING:
    from cli.conftest import Run

ROOT: Final = Path(__file__).parents[2]
WORKFLOW: Final = ".github/workflows/formance-codegen.yml"
PIPELINE: Final = ".gitlab/formance-codegen.yml"
SPECS: Final = 'api $(touch pwned) "docs"'
"""A folder that a careless script would run."""

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("bash", "git")), reason="bash and git are needed"
)


@dataclass(slots=True, kw_only=True)
class Machine:
    """A repository with a remote, and a runner that can do no more than a step needs."""

    work: Path
    tools: Path
    server: Loopback
    outputs: dict[str, str] = field(default_factory=dict[str, str])

    def bash(self, script: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a script as the runners do: an error ends it, also one in a pipe."""
        output = self.tools / "output"
        output.write_text("")
        environment = {
            **os.environ,
            **variables,
            "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "codegen"),
            "RUNNER_TEMP": str(self.tools),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.tools / "summary"),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done

    def said(self, name: str) -> list[list[str]]:
        """Return what a program was called with."""
        file = self.tools / f"{name}.calls"
        return [line.split("\t")[:-1] for line in file.read_text().splitlines()] if file.exists() else []

    def pushed(self, path: str) -> str:
        """Return a file of the branch that was pushed."""
        return git("--git-dir", "../remote", "show", f"formance-codegen/update:{path}")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Machine]:
    """A repository in which nothing was made yet, a publisher of its document, and tools that only record."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    work, tools = tmp_path / "work", tmp_path / "tools"
    work.mkdir()
    tools.mkdir()
    monkeypatch.chdir(work)
    record = 'for word in "$@"; do printf "%s\\t" "$word"; done >> "$0.calls"; echo >> "$0.calls"'
    program(tools / "gh", f'{record}\nif [ "$1 $2" = "pr list" ]; then cat "$0.open"; fi')
    (tools / "gh.open").write_text("0")
    program(tools / "formance-codegen", f'exec {sys.executable} -m formance_codegen "$@"')
    program(tools / "python", f'if [ "$1" = -m ]; then\n{record}\nelse exec {sys.executable} "$@"; fi')
    with loopback() as server:
        server.handler = publisher({"v1.0.0": PETS, "v1.1.0": NEWER}, latest="v1.1.0")
        yield Machine(work=work, tools=tools, server=server)


def start(machine: Machine, run: "Run", ci: str, *, specs: str = "specs") -> None:
    """Do what a user does: write the starting point, build, commit and push it."""
    (machine.work / "pyproject.toml").write_text(f"[tool.formance-codegen]\nspecs = '{specs}'\n")
    (machine.work / "pets.yaml").write_text(PETS)
    assert run("init", "--spec", "pets.yaml", "--ci", ci).exit_code == 0
    pin(machine.work, machine.server.url, digest(PETS), specs=specs)
    assert run("build", "--jobs", "1").exit_code == 0
    git("init", "--quiet", "--bare", "../remote")
    git("init", "--quiet", "--initial-branch", "main", ".")
    git("remote", "add", "origin", "../remote")
    git("config", "user.name", "n")
    git("config", "user.email", "e@example.com")
    git("add", "--all")
    git("commit", "--quiet", "--message", "start")
    git("push", "--quiet", "origin", "main")


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


class TestAction:
    """The action of this repository, and its hooks."""

    def test_it_checks_clients(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        assert self.action(machine).returncode == 0
        assert machine.outputs["exit-code"] == "0"
        assert machine.said("python") == [["-m", "pip", "install", "--quiet", str(ROOT)]]
        (machine.work / "generated/pets/README.md").unlink()
        done = self.action(machine, version="1.2.3", format="github")
        assert done.returncode == 1
        assert machine.outputs["exit-code"] == "1"
        assert "::error file=generated/pets/README.md" in done.stdout
        assert Path(machine.outputs["report"]).read_text() == done.stdout
        assert machine.said("python")[-1][-1] == "formance-codegen==1.2.3"

    def test_it_compares_documents(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        (machine.work / "specs/pets.yaml").write_text(NEWER)
        assert self.action(machine, command="diff HEAD:specs\n  specs", format="markdown").returncode == 0
        assert Path(machine.outputs["report"]).read_text().startswith("## Python API: minor\n")

    def test_a_command_is_words_and_nothing_else(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        done = self.action(machine, command="build --service $(touch${IFS}pwned);touch pwned *")
        assert (done.returncode, machine.outputs["exit-code"]) == (2, "2")
        assert list(machine.work.parent.rglob("pwned")) == []

    def test_the_hooks_run_the_command(self) -> None:
        hooks = [mapping(hook) for hook in sequence(yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()))]
        assert {str(hook["id"]): hook["entry"] for hook in hooks} == {
            "formance-codegen-check": "formance-codegen build --check",
            "formance-codegen-build": "formance-codegen build",
        }
        assert [(hook["language"], hook["pass_filenames"]) for hook in hooks] == [("python", False)] * 2

    def action(self, machine: Machine, **given: str) -> subprocess.CompletedProcess[str]:
        """Run the steps with inputs, as far as one fails."""
        action = load(ROOT / "action.yml")
        inputs = {name: str(mapping(each)["default"]) for name, each in mapping(action["inputs"]).items()} | given
        done: subprocess.CompletedProcess[str] | None = None
        for step in [mapping(step) for step in sequence(mapping(action["runs"])["steps"])]:
            if "run" in step:
                assert step["shell"] == "bash"
                variables = {key: self.filled(value, inputs) for key, value in texts(step["env"]).items()}
                done = machine.bash(str(step["run"]), variables | {"GITHUB_ACTION_PATH": str(ROOT)})
        assert done is not None
        assert {str(mapping(each)["value"]) for each in mapping(action["outputs"]).values()} == {
            f"${{{{ steps.run.outputs.{name} }}}}" for name in machine.outputs
        }
        return done

    def filled(self, value: str, inputs: Mapping[str, str]) -> str:
        for name, given in inputs.items():
            value = value.replace(f"${{{{ inputs.{name} }}}}", given)
        assert "${{" not in value
        return value


class TestStructure:
    """What can be told without running anything."""

    FILES: Final = (
        "action.yml",
        ".github/workflows/ci.yml",
        "templates/init/github.yml",
        "templates/init/gitlab.yml",
    )

    @pytest.mark.parametrize("name", FILES)
    def test_no_expression_reaches_a_shell(self, name: str) -> None:
        """Expressions are for fields; a script gets what they stand for as variables of its environment."""
        found = scripts(yaml.safe_load((ROOT / name).read_text().replace("@SPECS@", "s").replace("@OUTPUT@", "o")))
        assert found
        assert [text for text in found if "${{" in text] == []

    @pytest.mark.parametrize("name", FILES[:3])
    def test_actions_are_pinned(self, name: str) -> None:
        lines = [line for line in (ROOT / name).read_text().splitlines() if "uses:" in line]
        assert lines
        for action, *comment in [line.split("uses:")[1].split() for line in lines]:
            assert len(action.partition("@")[2]) == 40, action
            assert comment[0] == "#"

    def test_the_hook_of_the_user(self, machine: Machine, run: "Run") -> None:
        (machine.work / "pyproject.toml").write_text("[tool.formance-codegen]\nspecs = 'a.b docs'\noutput = '.'\n")
        run("init", "--pre-commit")
        config = load(machine.work / ".pre-commit-config.yaml")
        hook = mapping(sequence(mapping(sequence(config["repos"])[0])["hooks"])[0])
        assert hook["entry"] == "formance-codegen build --check"
        assert hook["files"] == r"^(a\.b\ docs/||pyproject[.]toml$)"

    @pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not on the PATH")
    def test_actionlint_finds_nothing(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        files = [str(machine.work / WORKFLOW), str(ROOT / ".github/workflows/ci.yml")]
        done = subprocess.run(["actionlint", *files], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")

    def test_zizmor_finds_no_hole(self, machine: Machine, run: "Run") -> None:
        """It knows injections, rights that are too wide, and credentials that stay behind."""
        start(machine, run, "github")
        zizmor = shutil.which("zizmor", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        assert zizmor is not None
        files = [str(machine.work / WORKFLOW), str(ROOT / ".github/workflows/ci.yml"), str(ROOT / "action.yml")]
        command = [zizmor, "--offline", "--no-progress", "--quiet", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def program(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def git(*args: str) -> str:
    return subprocess.run(["git", *args], check=True, capture_output=True, text=True).stdout


def load(file: Path) -> Mapping[str, object]:
    return mapping(yaml.safe_load(file.read_text()))


def mapping(value: object) -> Mapping[str, object]:
    assert is_mapping(value), value
    return value


def sequence(value: object) -> Sequence[object]:
    assert is_sequence(value), value
    return value


def texts(value: object) -> dict[str, str]:
    return {} if value is None else {key: str(text) for key, text in mapping(value).items()}


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list)


def scripts(value: object) -> list[str]:
    """Return the scripts in a workflow, an action or a pipeline."""
    if is_mapping(value):
        own = [value[key] for key in ("run", "script", "before_script") if key in value]
        lines = [line for each in own for line in (each if is_sequence(each) else [each])]
        return [line for line in lines if isinstance(line, str)] + [
            text for each in value.values() for text in scripts(each)
        ]
    return [text for each in value for text in scripts(each)] if is_sequence(value) else []
