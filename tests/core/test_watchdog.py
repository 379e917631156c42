"""The watchdog: what it does and says at which second, without waiting for any."""

import pytest

from poolviewer.core.watchdog import (
    LONGEST_PATIENCE_S,
    START_LIMIT_S,
    Step,
    Watchdog,
    never_came,
    retry_delay_s,
)


def running(interval_s: float, frames: int = 10) -> Watchdog:
    """Return a watchdog whose source sent its last frame at second 0."""
    dog = Watchdog("camera 0", -interval_s * frames)
    for index in range(1 - frames, 1):
        assert dog.step(index * interval_s) is Step.READ
        dog.on_frame(index * interval_s)
    return dog


def told(dog: Watchdog, *seconds: float) -> list[str]:
    return [sentence for second in seconds if (sentence := dog.news(second))]


def test_silence_is_told_counted_up_and_over() -> None:
    dog = running(1 / 30)
    assert dog.step(1.9) is Step.READ
    assert not told(dog, 1.9)
    assert dog.step(2.01) is Step.RECONNECT
    dog.on_attempt(2.01)
    assert told(dog, 2.01, 2.3, 3.1, 3.2, 4.0) == [
        "No picture from camera 0 for 2 s: trying again.",
        "No picture from camera 0 for 3 s: trying again.",
        "No picture from camera 0 for 4 s: trying again.",
    ]
    assert dog.is_lost
    assert dog.on_frame(5.0)
    assert not dog.is_lost
    assert not told(dog, 5.1)
    assert not dog.on_frame(5.1)


def test_short_failure_is_not_spoken_of() -> None:
    dog = running(1 / 30)
    dog.on_failure(0.1, "It has ended.")
    assert [dog.step(s) for s in (0.2, 0.59, 0.61)] == [Step.REST, Step.REST, Step.RECONNECT]
    dog.on_attempt(0.61)
    assert dog.step(0.7) is Step.READ
    assert not told(dog, 0.7)
    assert not dog.on_frame(0.9)


def test_reason_is_told_with_the_silence_and_forgotten_with_it() -> None:
    dog = running(1 / 30)
    dog.on_failure(0.1, "One.")
    assert told(dog, 2.1) == ["No picture from camera 0 for 2 s: trying again. One."]
    dog.on_failure(2.2, "Two.")
    assert told(dog, 2.2) == ["No picture from camera 0 for 2 s: trying again. Two."]
    dog.on_frame(2.5)
    dog.on_attempt(2.6)
    assert told(dog, 9.0) == ["No picture from camera 0 for 6 s: trying again."]


def test_attempts_come_slower_and_slower() -> None:
    assert [retry_delay_s(n) for n in (0, 1, 2, 3, 4, 10**6)] == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    dog, now_s, attempts = running(1 / 30), 0.0, []
    dog.on_failure(0.0)
    while len(attempts) < 6:
        now_s = round(now_s + 0.1, 1)
        if dog.step(now_s) is Step.RECONNECT:
            attempts.append(now_s)
            dog.on_attempt(now_s)
            dog.on_failure(now_s)
    assert attempts == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5]
    dog.on_frame(16.0)
    dog.on_failure(16.0)
    assert dog.step(16.5) is Step.RECONNECT


def test_attempt_that_hangs_is_given_up() -> None:
    dog = running(1 / 30)
    dog.on_attempt(0.0)
    assert dog.step(START_LIMIT_S - 0.1) is Step.READ
    assert dog.step(START_LIMIT_S + 0.1) is Step.REST
    assert dog.step(START_LIMIT_S + 0.7) is Step.RECONNECT


@pytest.mark.parametrize("interval_s", [0.9, 2.5, 5.0, 9.0])
def test_slow_source_is_never_called_broken(interval_s: float) -> None:
    dog = Watchdog("camera 0", 0.0)
    for tick in range(1, int(100 / 0.25)):
        now_s = tick * 0.25
        assert dog.step(now_s) is Step.READ
        if now_s % interval_s < 0.25:
            dog.on_frame(now_s)
        if dog.has_told or now_s > interval_s:
            assert not told(dog, now_s)
    assert dog.patience_s == pytest.approx(max(2.0, 3 * interval_s), rel=0.3)


def test_slow_source_that_stops_is_given_up_at_its_pace() -> None:
    dog = running(2.0)
    assert dog.step(5.9) is Step.READ
    assert dog.step(6.1) is Step.RECONNECT
    dog.on_attempt(6.1)
    assert told(dog, 6.1) == ["No picture from camera 0 for 6 s: trying again."]


def test_patience_grows_until_the_pace_of_a_very_slow_source_is_learned() -> None:
    """A picture every 25 s, and one at once for everybody who connects."""
    dog, now_s, reconnected = Watchdog("camera 0", 0.0), 0.0, []
    last_s = 0.0
    while now_s < 1000:
        now_s += 0.25
        if dog.step(now_s) is Step.RECONNECT:
            reconnected.append(now_s)
            dog.on_attempt(now_s)
            last_s = now_s - 25
        if now_s - last_s >= 25:
            dog.on_frame(now_s)
            last_s = now_s
    assert 2 <= len(reconnected) <= 3
    assert max(reconnected) < 100
    assert dog.patience_s <= LONGEST_PATIENCE_S


def test_patience_is_short_again_once_frames_have_come_steadily() -> None:
    dog = running(1.0)
    assert dog.step(3.1) is Step.RECONNECT
    dog.on_attempt(3.1)
    for second in range(4, 8):
        dog.on_frame(second)
    assert dog.patience_s == 6.0  # giving up may have been rash
    for second in range(8, 10):
        dog.on_frame(second)
    assert dog.patience_s == 3.0


def test_starter_gets_grace_and_is_waited_for() -> None:
    dog = Watchdog("camera 0", 0.0)
    assert dog.step(3.9) is Step.READ
    assert told(dog, 3.9, 4.1) == [
        "No picture from camera 0 for 4 s: waiting for the first one.",
    ]
    assert dog.step(START_LIMIT_S + 0.1) is Step.REST
    assert never_came("camera 0") == (
        "No picture from camera 0 for 15 s: check that it is on, and open it again."
    )
