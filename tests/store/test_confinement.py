import os
import subprocess
import sys

import pytest

from kg.store.confinement import flush_nothing

PROGRAM = """
import os, threading
from kg.store.confinement import flush_nothing, limit

limit(memory=2**30, file_size=2**20)
read, written = os.pipe()
for flush in (os.fsync, os.fdatasync):
    try:
        flush(written)
    except OSError as error:
        print(error.strerror)
print(flush_nothing())
for flush in (os.fsync, os.fdatasync):
    thread = threading.Thread(target=flush, args=(written,))
    thread.start()
    thread.join()
os.write(written, b"still written")
print(os.read(read, 100).decode())
"""


def test_flushing_can_be_left_to_others() -> None:
    """A pipe cannot be flushed, and the kernel says so, until it is not asked any more; all else goes on."""
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    if "False" in told.stdout:
        pytest.skip("the kernel lets nobody filter")
    assert told.stdout.splitlines() == ["Invalid argument", "Invalid argument", "True", "still written"]
    assert told.stderr == ""


def test_threads_of_the_engine_have_small_stacks() -> None:
    """A process that is bounded gives each thread a mebibyte, and its first one room for deep queries."""
    program = """
import ctypes, resource
from kg.store.confinement import STACK_BYTES, limit

limit(memory=2**30, file_size=2**20)
libc, attributes, size = ctypes.CDLL(None), ctypes.create_string_buffer(128), ctypes.c_size_t()
libc.pthread_getattr_default_np(attributes)
libc.pthread_attr_getstacksize(attributes, ctypes.byref(size))
soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
print(size.value, soft == STACK_BYTES or soft == hard)
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(2**20), "True"]


def test_an_unknown_machine_flushes_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the numbers of the calls are not known, none is kept from being made."""
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("", "", "", "", "abacus")))
    assert not flush_nothing()
