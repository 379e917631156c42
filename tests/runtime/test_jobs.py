"""Jobs run one after another in the background, and each failure is one sentence."""

from threading import get_ident

import pytest

from poolviewer.core.errors import ExportError
from poolviewer.core.messages import Failure
from poolviewer.runtime.jobs import JobWorker

from .harness import Barrier, Recorder, Wishes, in_thread


@pytest.fixture
def results(qtbot):
    """Run jobs; return what came of each."""

    def run(*jobs):
        worker, wishes, recorder = JobWorker(), Wishes(), Recorder()
        wishes.job.connect(worker.run)
        worker.done.connect(recorder.on_done)
        worker.failed.connect(recorder.on_failed)
        with in_thread(worker):
            barrier = Barrier(worker, qtbot)
            for job in jobs:
                wishes.job.emit(job)
            barrier.wait()
        return recorder.events

    return run


def failing(error):
    def job():
        raise error

    return job


def test_jobs_run_in_order_in_another_thread(results):
    events = results(get_ident, get_ident, lambda: None, lambda: "last")
    (_, first), (_, second), *others = events
    assert first == second != get_ident()
    assert others == [("done", None), ("done", "last")]


def test_failures_are_sentences_and_the_next_job_runs(results):
    events = results(
        failing(ExportError("The disk is full.")),
        failing(MemoryError()),
        failing(ValueError("first\nsecond")),
        lambda: "next",
    )
    assert events == [
        ("failed", Failure("export", "The disk is full.")),
        ("failed", Failure("export", "This did not work: MemoryError")),
        ("failed", Failure("export", "This did not work: first")),
        ("done", "next"),
    ]
