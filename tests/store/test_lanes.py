import threading
import time

import pytest

from kg.errors import BudgetError
from kg.store.cancellation import Cancellation
from kg.store.lanes import Lanes


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


def test_who_leaves_the_fast_lane_makes_room_in_it() -> None:
    """A slow one gives its fast place away, waits for a slow one, and gives back all it holds in the end."""
    lanes = Lanes(fast=1, slow=1, queue=1, paused=1)
    running, still = lanes.enter(1), None
    running.leave_fast_lane()
    assert running.enter_slow_lane(0)
    assert not running.is_fast
    still = lanes.enter(1)
    still.leave_fast_lane()
    assert not still.enter_slow_lane(0.01)
    refused = lanes.enter(1)
    with pytest.raises(BudgetError, match="long queries"):
        refused.leave_fast_lane()
    assert refused.is_fast
    running.leave()
    assert still.enter_slow_lane(0)
    for place in (still, refused):
        place.leave()
        place.leave()
    again = lanes.enter(0.01)
    again.leave_fast_lane()
    assert again.enter_slow_lane(0)


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
