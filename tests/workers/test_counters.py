import os
import signal
from collections.abc import Callable

from kg.workers import Counters
from kg.workers.counters import Key

HITS: Key = ("hits",)
NOW: Key = ("now",)


def in_child(work: Callable[[], None], *, wait: bool = True) -> int:
    """Do work in a process of its own, which goes on until it is killed where it is not waited for."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        work()
        os.write(write, b".")
        if not wait:
            signal.pause()
        os._exit(0)
    os.read(read, 1)
    os.close(read)
    os.close(write)
    if wait:
        os.waitpid(child, 0)
    return child


def test_processes_count_together() -> None:
    """A total is of all there ever were; what is present is of those that are alive."""
    counters = Counters([HITS, NOW], rows=3)
    counters.claim().add(HITS)

    def work() -> None:
        row = counters.claim()
        row.add(HITS, 2)
        row.set(NOW, 5)

    alive = in_child(work, wait=False)
    for _ in range(3):
        in_child(work)
    assert counters.total(HITS) == 1 + 2 * 4
    assert counters.present(NOW) == 5
    os.kill(alive, signal.SIGKILL)
    os.waitpid(alive, 0)
    assert counters.present(NOW) == 0
    assert counters.total(HITS) == 9


def test_a_number_that_is_not_in_the_table_is_not_counted() -> None:
    """It harms nobody."""
    counters = Counters([HITS])
    counters.claim().add(("other",))
    assert counters.totals("hits") == {}
    assert counters.totals("other") == {}
