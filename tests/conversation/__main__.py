"""The command: conversations about documents, one JSON object a call."""

import json
import sys
import tempfile
from pathlib import Path

from conversation.clients import made
from conversation.talk import conversation


def main() -> None:
    for name in sys.argv[1:]:
        path = Path(name).resolve()
        with tempfile.TemporaryDirectory() as folder, made(path, Path(folder)) as client:
            for each in conversation(client, path):
                row = {"call": each.call, "pointer": each.pointer, "how": each.how}
                print(json.dumps({**row, "outcome": each.outcome.value, "party": each.party.value, "words": each.words}))


if __name__ == "__main__":
    main()
