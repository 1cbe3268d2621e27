import threading
import time
from collections.abc import Callable

import pytest

from kg.errors import BudgetError
from kg.store.cancellation import Cancellation
from kg.store.lanes import Lanes, LongUse, Pace, Place


def using(seconds: float, end: Callable[[], None] = lambda: None) -> LongUse:
    """Make what the lanes know of a query that used so many seconds of the processor."""
    return LongUse(lambda: seconds, end)


def test_only_so_many_are_fast() -> None:
    """The fast lane has its places; one that is left is there again."""
    lanes = Lanes(fast=1, slow=1, queue=1, paused=1)
    place = lanes.enter_now()
    assert place
    assert place.is_fast
    assert lanes.enter_now() is None
    with pytest.raises(BudgetError, match="turn"):
        lanes.enter(0.01)
    place.leave()
    lanes.enter(0.01).leave()


def test_the_queue_is_bounded() -> None:
    """One who would wait behind too many is told so at once."""
    lanes = Lanes(fast=1, slow=1, queue=0, paused=0)
    held = lanes.enter(1)
    waiting = threading.Thread(target=lambda: lanes.enter(2).leave())
    waiting.start()
    time.sleep(0.05)
    with pytest.raises(BudgetError, match="waiting"):
        lanes.enter(1)
    held.leave()
    waiting.join()


def test_changes_take_no_place_from_queries() -> None:
    """There is one place for them beside those of queries; who leaves it for the slow lane makes room in it."""
    lanes = Lanes(fast=1, slow=1, queue=1, paused=1)
    change = lanes.enter_to_change(0.01)
    query = lanes.enter_now()
    assert query
    with pytest.raises(BudgetError, match="turn"):
        lanes.enter_to_change(0.01)
    assert not change.step_aside(using(1))
    change.leave_fast_lane(using(1))
    assert lanes.enter_now() is None
    other = lanes.enter_to_change(0.01)
    for place in (change, query, other):
        place.leave()
    lanes.enter_to_change(0.01).leave()


def test_who_leaves_the_fast_lane_makes_room_in_it() -> None:
    """A slow one gives its fast place away, waits for a slow one, and gives back all it holds in the end."""
    lanes = Lanes(fast=1, slow=1, queue=1, paused=1)
    running, still = lanes.enter(1), None
    running.leave_fast_lane(using(1))
    assert running.enter_slow_lane(0)
    assert not running.is_fast
    still = lanes.enter(1)
    still.leave_fast_lane(using(1))
    assert not still.enter_slow_lane(0.01)
    refused = lanes.enter(1)
    with pytest.raises(BudgetError, match="long queries"):
        refused.leave_fast_lane(using(1))
    assert refused.is_fast
    running.leave()
    assert still.enter_slow_lane(0)
    for place in (still, refused):
        place.leave()
        place.leave()
    again = lanes.enter(0.01)
    again.leave_fast_lane(using(1))
    assert again.enter_slow_lane(0)


def test_a_long_query_that_used_much_makes_way_for_one_that_used_little() -> None:
    """Where all places are taken, the one that used most is ended, if it used ten times as much."""
    lanes = Lanes(fast=3, slow=1, queue=1, paused=1)
    ended: list[str] = []
    long: dict[str, Place] = {}

    def end(name: str) -> None:
        ended.append(name)
        long[name].leave()

    for name, seconds in {"less": 0.6, "most": 2.0}.items():
        long[name] = lanes.enter(1)
        long[name].leave_fast_lane(using(seconds, lambda name=name: end(name)))  # type: ignore[misc]
    newcomer = lanes.enter(1)
    with pytest.raises(BudgetError, match="long queries"):
        newcomer.leave_fast_lane(using(0.3))
    assert ended == []
    newcomer.leave_fast_lane(using(0.05))
    assert ended == ["most"]
    long["less"].settle()
    another = lanes.enter(1)
    with pytest.raises(BudgetError, match="long queries"):
        another.leave_fast_lane(using(0.0001))
    for place in (newcomer, another, long["less"]):
        place.leave()


def test_who_used_a_little_steps_aside_where_others_wait() -> None:
    """Only where all fast places are taken, and where there is room for long ones; nobody is ended for that."""
    lanes = Lanes(fast=2, slow=1, queue=1, paused=0)
    first, second = lanes.enter(1), None
    assert not first.step_aside(using(0.02))
    second = lanes.enter(1)
    assert first.step_aside(using(0.02))
    assert not first.is_fast
    third = lanes.enter(0.01)
    assert not second.step_aside(using(0.02))
    assert second.is_fast
    for place in (first, second, third):
        place.leave()
    assert not lanes.is_crowded


def test_one_who_waits_for_the_slow_lane_hears_that_it_is_over() -> None:
    """Whose client hung up waits no longer, and takes no place of the slow lane."""
    lanes = Lanes(fast=2, slow=1, queue=1, paused=1)
    running, still = lanes.enter(1), lanes.enter(1)
    for place in (running, still):
        place.leave_fast_lane(using(1))
    assert running.enter_slow_lane(0)
    is_over = threading.Event()
    entered: list[bool] = []
    waiting = threading.Thread(target=lambda: entered.append(still.enter_slow_lane(3600, is_over.is_set)))
    waiting.start()
    is_over.set()
    still.wake()
    waiting.join()
    assert entered == [False]
    still.leave()
    running.leave()
    third = lanes.enter(1)
    third.leave_fast_lane(using(1))
    assert third.enter_slow_lane(0)


@pytest.mark.parametrize(
    ("used", "taken", "is_starved", "left"),
    [
        (0.0, 0.0, False, 0.1),
        (0.04, 0.05, False, 0.06),
        (0.01, 1.5, True, 0.09),
        (0.01, 1.5, False, 0.0),
        (0.01, 1.95, True, 0.05),
        (0.01, 2.0, True, 0.0),
        (0.1, 0.1, True, 0.0),
    ],
)
def test_a_query_is_fast_by_what_it_uses(used: float, taken: float, is_starved: bool, left: float) -> None:  # noqa: FBT001
    """However long the machine has it wait, up to a bound; one that waits for something else is not fast."""
    assert Pace(0.1, 2.0).left(used, taken, is_starved=is_starved) == pytest.approx(left)


def test_a_cancellation_ends_what_is_under_way() -> None:
    """Setting it ends the work of the moment, at once or as soon as it begins, and no work that is over."""
    ended: list[str] = []
    cancellation = Cancellation()
    with cancellation.ending(lambda: ended.append("first")):
        pass
    with cancellation.ending(lambda: ended.append("second")):
        cancellation.set()
        assert ended == ["second"]
    with cancellation.ending(lambda: ended.append("third")):
        assert ended == ["second", "third"]
    assert cancellation.is_set
