"""Worker processes: the zygote that forks them, the pool and scheduler that use them, and their sandbox."""

from kg.workers.counters import Counters, Row
from kg.workers.destinations import check_remote_targets, read_destinations
from kg.workers.in_process import InProcessEvaluator
from kg.workers.instrumentation import BUCKET_BOUNDS, INSTRUMENTED_KEYS, Instrumentation
from kg.workers.pool import Budgets, WorkerPool
from kg.workers.procfs import memory_of
from kg.workers.protocol import error_from_body, error_to_body
from kg.workers.sandbox import die_with_parent
from kg.workers.scheduler import Slots
from kg.workers.serving import ServingEvaluator
from kg.workers.supervisor import Supervisor
from kg.workers.worker import Limits, WorkerContext
from kg.workers.zygote import catch_up

__all__ = [
    "BUCKET_BOUNDS",
    "INSTRUMENTED_KEYS",
    "Budgets",
    "Counters",
    "InProcessEvaluator",
    "Instrumentation",
    "Limits",
    "Row",
    "ServingEvaluator",
    "Slots",
    "Supervisor",
    "WorkerContext",
    "WorkerPool",
    "catch_up",
    "check_remote_targets",
    "die_with_parent",
    "error_from_body",
    "error_to_body",
    "memory_of",
    "read_destinations",
]
