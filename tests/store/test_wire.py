import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, Message, Where
from kg.store.wire import HEAD_BYTES, Inbox, error_from_message, error_to_message, receive, send, size_of


@pytest.fixture(scope="module")
def pipe() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Open a pipe with two ends."""
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@given(st.dictionaries(st.text(), st.text()), st.binary(max_size=500))
def test_what_is_sent_is_received(
    pipe: tuple[socket.socket, socket.socket], message: dict[str, str], body: bytes
) -> None:
    """A message and its body arrive as they were sent, whatever is in them."""
    send(pipe[0], message, body)
    assert receive(pipe[1]) == (message, body)


@given(st.lists(st.tuples(st.dictionaries(st.text(), st.text()), st.binary(max_size=500)), max_size=20))
def test_what_is_sent_in_a_row_is_received_in_a_row(
    pipe: tuple[socket.socket, socket.socket], messages: list[tuple[dict[str, str], bytes]]
) -> None:
    """Messages that are on their way together arrive one after the other."""
    inbox = Inbox(pipe[1])
    for message, body in messages:
        send(pipe[0], message, body)
    assert [inbox.receive() for _ in messages] == messages


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 3_000_000])
def test_a_body_of_any_size_arrives(pipe: tuple[socket.socket, socket.socket], size: int) -> None:
    """A large body goes in pieces and arrives whole; its size can be told from the head."""
    body = b"\x00\xff" * (size // 2) + b"x" * (size % 2)
    sender = threading.Thread(target=send, args=(pipe[0], {"size": size}, body))
    sender.start()
    assert size_of(pipe[1].recv(HEAD_BYTES, socket.MSG_PEEK)) >= size
    assert receive(pipe[1]) == ({"size": size}, body)
    sender.join()


@pytest.mark.parametrize("sent", [b"", b"\x00", b"\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x05{}ab"])
def test_an_end_that_closes_is_noticed(sent: bytes) -> None:
    """A pipe that ends before a message does is an end of file, however much of it has come."""
    one, other = socket.socketpair()
    with other:
        with one:
            one.sendall(sent)
        with pytest.raises(EOFError):
            receive(other)


def leaves(branch: type[KgError] = KgError) -> list[type[KgError]]:
    """List the leaves of the tree of errors."""
    smaller = branch.__subclasses__()
    return [leaf for each in smaller for leaf in leaves(each)] if smaller else [branch]


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_every_error_crosses(leaf: type[KgError]) -> None:
    """An error arrives as the leaf that it was, with its sentences and its place."""
    where = Where("query", 2, 3, "{ ?도시")
    error = leaf(Message(ko="무엇", en="what"), cure=Message(ko="고침", en="cure"), where=where)
    arrived = error_from_message(error_to_message(error))
    assert type(arrived) is leaf
    assert (arrived.what, arrived.cure, arrived.where) == (error.what, error.cure, where)
    assert error_from_message({**error_to_message(error), "error": "Unknown"}).status == 500
