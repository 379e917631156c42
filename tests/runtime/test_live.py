"""The watchdog beside a live source, by a clock of the test's own."""

from poolviewer.runtime.live import LiveFeed
from tests.runtime.stand_ins import StandInCamera


class SilentCamera(StandInCamera):
    """Delivers until it is told to hang."""

    is_silent = False

    def read(self):
        return None if self.is_silent else super().read()


def test_a_stall_is_noticed_by_whoever_asks_when_to_read_again():
    now_s = 0.0
    camera = SilentCamera()
    camera.open()
    feed = LiveFeed(camera, lambda: now_s)
    for _ in range(6):
        now_s += 0.1
        assert feed.read() is not None
    camera.is_silent = True
    while now_s < 2.9:
        feed.read()
        now_s += 0.25
        assert feed.delay_s == 0.0
        sentence, _ = feed.news()
    assert sentence == "No picture from camera 0 for 2 s: trying again."
