"""Where workers are born: a process with one thread and no network that forks a worker whenever it is asked to.

Run as ``python -m kg.store.nursery DESCRIPTOR MEMORY FILE_SIZE``. Over the socket it takes ``fork`` with the worker's
end of a pipe and replies with the process id, or ``wait PID`` and replies with the wait status.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from multiprocessing.connection import Connection

from kg.store.confinement import die_with_parent, leave_network, limit
from kg.store.worker import Worker

_LONGEST_COMMAND = 64


def main(descriptor: int, memory: int, file_size: int) -> None:
    """Serve the socket until the other side is gone."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    isolated = leave_network()
    with socket.socket(fileno=descriptor) as control:
        control.sendall(b"isolated" if isolated else b"connected")
        while True:
            command, descriptors, _, _ = socket.recv_fds(control, _LONGEST_COMMAND, 1)
            if not command:
                return
            if command == b"fork":
                control.sendall(str(_fork(control, descriptors[0], memory, file_size)).encode())
            else:
                control.sendall(str(_wait(int(command.split()[1]))).encode())


def _fork(control: socket.socket, pipe: int, memory: int, file_size: int) -> int:
    process = os.fork()
    if process:
        os.close(pipe)
        return process
    die_with_parent()
    control.close()
    limit(memory=memory, file_size=file_size)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # a backtrace of every query that dies tells nothing
    try:
        Worker(Connection(pipe)).run()
    finally:
        os._exit(0)


def _wait(process: int) -> int:
    try:
        return os.waitpid(process, 0)[1]
    except ChildProcessError:
        return 0


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
