"""The ledger of the stories: what it answers."""

import copy
import json
from collections import defaultdict
from datetime import datetime

from loopback import Answer, json_answer
from samples import Json, Node, is_node
from stories.book import Book, Volumes
from stories.wire import Ask, Refused, Route, Unexpected, data, items, labels, members, nothing, page, text


class LedgerService:
    """The routes of the ledger."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            Route("GET", "/v2", lambda ask: page(ask, [book.described() for book in self.books.values()])),
            Route("POST", "/v2/{ledger}", self._create),
            Route("POST", "/v2/{ledger}/_bulk", self._bulk),
            Route("POST", "/v2/{ledger}/transactions", lambda ask: self._book(ask).keys.once(ask, self._transact)),
            Route(
                "POST",
                "/v2/{ledger}/transactions/{id}/revert",
                lambda ask: self._book(ask).keys.once(ask, self._revert),
            ),
            Route("HEAD", "/v2/{ledger}/accounts", self._count),
            Route("GET", "/v2/{ledger}/accounts", self._list),
            Route("GET", "/v2/{ledger}/accounts/{address}", self._account),
            Route("GET", "/v2/{ledger}/aggregate/balances", self._aggregate),
            Route("GET", "/v2/{ledger}/volumes", self._volumes),
            Route("POST", "/v2/{ledger}/logs/export", self._export),
            Route("POST", "/v2/{ledger}/logs/import", self._import),
        ]

    def _book(self, ask: Ask) -> Book:
        book = self.books.get(ask.path["ledger"])
        if book is None:
            raise Refused(404, "LEDGER_NOT_FOUND", f"ledger {ask.path['ledger']} not found")
        return book

    def _create(self, ask: Ask) -> Answer:
        name = ask.path["ledger"]
        settings = ask.body(optional=("metadata", "features", "bucket"))
        if name in self.books:
            raise Refused(400, "LEDGER_ALREADY_EXISTS", f"ledger {name} already exists")
        self.books[name] = Book(name, len(self.books) + 1, settings)
        return nothing()

    def _transact(self, ask: Ask) -> Answer:
        fields = ask.body("metadata", optional=("postings", "script", "reference", "timestamp"))
        book = self._book(ask)
        if ask.flag("dryRun"):
            book = copy.deepcopy(book)
        return data(book.record(fields))

    def _revert(self, ask: Ask) -> Answer:
        metadata = labels(ask.body(optional=("metadata",)).get("metadata", {})) if ask.request.body else {}
        at_effective_date = ask.flag("atEffectiveDate")
        number = int(ask.path["id"])
        return data(self._book(ask).revert(number, at_effective_date=at_effective_date, metadata=metadata), status=201)

    def _count(self, ask: Ask) -> Answer:
        number = len([*self._book(ask).accounts(ask.filter(), pit=ask.moment("pit"))])
        return nothing(204, ("Count", str(number)))

    def _list(self, ask: Ask) -> Answer:
        book, volumes = self._book(ask), ask.text("expand") == "volumes"
        return page(ask, [self._shown(book, each, volumes=volumes) for each in book.accounts(ask.filter())])

    def _account(self, ask: Ask) -> Answer:
        return data(self._shown(self._book(ask), ask.path["address"], volumes=ask.text("expand") == "volumes"))

    def _shown(self, book: Book, address: str, *, volumes: bool) -> Json:
        found: dict[str, Json] = {"address": address, "metadata": {**book.metadata.get(address, {})}}
        if volumes:
            of = book.volumes().get(address, Volumes())
            found["volumes"] = {asset: of.row(asset) for asset in of.assets()}
        return found

    def _aggregate(self, ask: Ask) -> Answer:
        book, until = self._book(ask), ask.moment("pit")
        return data({**self.balances(book.name, ask.filter(), until)})

    def balances(self, ledger: str, filter_: Node, until: datetime | None) -> dict[str, int]:
        """Return the sums over all accounts that fit, by asset."""
        book, total = self.books[ledger], Volumes()
        volumes = book.volumes(until=until)
        for address in book.accounts(filter_, pit=until):
            total.add(volumes.get(address, Volumes()))
        return {asset: total.balance(asset) for asset in total.assets()}

    def _volumes(self, ask: Ask) -> Answer:
        book, depth = self._book(ask), ask.whole("groupBy", 0)
        volumes = book.volumes(since=ask.moment("startTime"), until=ask.moment("endTime"))
        groups: defaultdict[str, Volumes] = defaultdict(Volumes)
        for address in book.accounts(ask.filter()):
            if address in volumes:
                groups[":".join(address.split(":")[: depth or None])].add(volumes[address])
        return page(
            ask,
            [
                {"account": group, "asset": asset, **found.row(asset)}
                for group, found in groups.items()
                for asset in found.assets()
            ],
        )

    def _bulk(self, ask: Ask) -> Answer:
        book, atomic = self._book(ask), ask.flag("atomic")
        kept = copy.deepcopy(book)
        results: list[Json] = []
        failure: Refused | None = None
        for each in items(json.loads(ask.request.body)):
            element = members(each, "action", "data", optional=("ik",))
            if failure is not None:
                break
            try:
                results.append(_run(book, element))
            except Refused as error:
                failure = error
                said = {"errorCode": error.code, "errorDescription": str(error)}
                results.append({"responseType": "ERROR", "logID": 0, **said})
        if failure is None:
            return data(results)
        if atomic:
            self.books[book.name] = kept
        said = {"errorCode": failure.code, "errorMessage": str(failure)}
        return json_answer({"data": results, **said}, status=400)

    def _export(self, ask: Ask) -> Answer:
        lines = "".join(json.dumps(log) + "\n" for log in self._book(ask).logs)
        return Answer(body=lines.encode(), headers=(("Content-Type", "application/octet-stream"),))

    def _import(self, ask: Ask) -> Answer:
        book, request = self._book(ask), ask.request
        if request.header("Content-Type") != "application/octet-stream":
            raise Unexpected("an import is a stream of bytes")
        if book.logs:
            raise Refused(400, "IMPORT", f"ledger {book.name} is in use")
        for line in request.body.splitlines():
            _replay(book, json.loads(line))
        return nothing()


def _run(book: Book, element: Node) -> Json:
    action = text(element["action"])
    match action:
        case "CREATE_TRANSACTION":
            done = book.record(members(element["data"], "metadata", optional=("postings", "reference")))
            return {"responseType": action, "logID": len(book.logs), "data": copy.deepcopy(done)}
        case "ADD_METADATA":
            fields = members(element["data"], "targetType", "targetId", "metadata")
            if fields["targetType"] != "ACCOUNT":
                raise Unexpected("the stories label accounts only")
            book.label(text(fields["targetId"]), labels(fields["metadata"]))
            return {"responseType": action, "logID": len(book.logs)}
        case _:
            raise Unexpected(f"unknown action {action}")


def _replay(book: Book, log: Json) -> None:
    fields = members(log, "id", "type", "data", "date", "hash")
    value = fields["data"]
    if fields["id"] != len(book.logs) + 1 or not is_node(value):
        raise Refused(400, "IMPORT", "there is a gap in the logs")
    if fields["type"] == "NEW_TRANSACTION" and is_node(done := value["transaction"]):
        book.transactions.append({**done})
        book.logs.append(log)
    else:
        book.label(text(value["targetId"]), labels(value["metadata"]))
