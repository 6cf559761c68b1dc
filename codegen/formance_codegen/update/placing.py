"""Orders the keys of two documents: ours stay in their order, new ones go beside their neighbours."""

from collections.abc import Iterable


def placed(ours: Iterable[str], new: Iterable[str]) -> list[str]:
    """Return the keys of both: those of ``ours`` in their order, each other one behind the one before it in ``new``.

    What stands before all known keys in ``new`` goes before the first of them; with nothing in common it goes last.
    """
    order = list(ours)
    known = set(order)
    waiting: list[str] = []
    previous: str | None = None
    for key in dict.fromkeys(new):
        if key in known:
            if waiting:
                order[order.index(key) : order.index(key)] = waiting
                waiting = []
        elif previous is None:
            waiting.append(key)
            continue
        else:
            order.insert(order.index(previous) + 1, key)
        previous = key
    return [*order, *waiting]
