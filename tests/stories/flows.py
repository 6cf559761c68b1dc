"""The workflows of the stories: stages that run until one waits for an event."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from loopback import Answer
from samples import Json, Node
from stories.wire import Ask, Refused, Route, Unexpected, data, items, labels, members, nothing, text

NOW: Final = "2026-03-02T09:30:00.123456Z"
KINDS: Final = {"wait_event": "RunWaitEvent", "send": "RunSend"}


@dataclass(slots=True)
class Instance:
    """A run of a workflow."""

    described: Node
    stages: list[Node]
    variables: dict[str, str]
    begun: list[dict[str, Json]] = field(default_factory=list[dict[str, Json]])

    def go_on(self) -> None:
        """Run until the end, or until a stage waits."""
        while len(self.begun) < len(self.stages):
            ((kind, settings),) = self.stages[len(self.begun)].items()
            begun: dict[str, Json] = {"name": KINDS[kind], "input": settings, "terminated": False, "startedAt": NOW}
            self.begun.append(begun)
            if kind == "wait_event":
                return
            begun.update(terminated=True, terminatedAt=NOW)

    def hear(self, event: str) -> None:
        """Take an event."""
        waits = self.begun[-1]
        if waits["terminated"] or members(waits["input"], "event")["event"] != event:
            raise Refused(400, "VALIDATION", "nobody waits for this event")
        waits.update(terminated=True, terminatedAt=NOW)
        self.go_on()

    def shown(self) -> Json:
        """Return the instance as the service shows it."""
        done = len(self.begun) == len(self.stages) and self.begun[-1]["terminated"]
        ended: dict[str, Json] = {"terminated": True, "terminatedAt": NOW} if done else {"terminated": False}
        return {**self.described, **ended}


class Flows:
    """The routes of orchestration, version 2."""

    def __init__(self) -> None:
        self.workflows: dict[str, Node] = {}
        self.instances: dict[str, Instance] = {}

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            Route("POST", "/v2/workflows", self._create),
            Route("POST", "/v2/workflows/{id}/instances", self._run),
            Route("GET", "/v2/instances/{id}", lambda ask: data(self._instance(ask).shown())),
            Route("POST", "/v2/instances/{id}/events", self._hear),
            Route("GET", "/v2/instances/{id}/history", lambda ask: data(self._instance(ask).begun)),
        ]

    def _instance(self, ask: Ask) -> Instance:
        found = self.instances.get(ask.path["id"])
        if found is None:
            raise Refused(404, "NOT_FOUND", "instance not found")
        return found

    def _create(self, ask: Ask) -> Answer:
        config = ask.body("stages", optional=("name",))
        for stage in items(config["stages"]):
            members(stage, optional=[*KINDS])
        number = str(UUID(int=700 + len(self.workflows), version=4))
        self.workflows[number] = config
        return data({"id": number, "config": config, "createdAt": NOW, "updatedAt": NOW}, status=201)

    def _run(self, ask: Ask) -> Answer:
        workflow = self.workflows.get(ask.path["id"])
        if workflow is None:
            raise Refused(404, "NOT_FOUND", "workflow not found")
        number = str(UUID(int=800 + len(self.instances), version=4))
        described: Node = {"id": number, "workflowID": ask.path["id"], "createdAt": NOW, "updatedAt": NOW}
        stages = [members(stage, optional=[*KINDS]) for stage in items(workflow["stages"])]
        instance = self.instances[number] = Instance(described, stages, labels(ask.body(optional=("var",))))
        instance.go_on()
        if ask.flag("wait") and not instance.begun[-1]["terminated"]:
            raise Unexpected("who waits for a run that waits for him waits for ever")
        return data(instance.shown(), status=201)

    def _hear(self, ask: Ask) -> Answer:
        self._instance(ask).hear(text(ask.body("name")["name"]))
        return nothing()
