"""Exports from the window's side: one preview at a time, and what a person is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import (
    ExportOutcome,
    ExportPreview,
    choices_from_json,
    choices_to_json,
)
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.exporting import ExportController, folder_of
from poolviewer.runtime.store import Store
from tests.views.renderings import rendering_of

from .recording_views import RecordingViews

ROOM = (600, 400)


class House:
    """An export controller with what it asks for."""

    def __init__(self, choices=None, state=None):
        self.views = RecordingViews()
        self.store = Store(self.views, state or ViewState(rendering=rendering_of()))
        self.jobs, self.kept, self.error = [], [], None
        self.exporting = ExportController(self.store, self.preview, self.file, choices)
        self.exporting.job_requested.connect(self.jobs.append)
        self.exporting.choices_changed.connect(self.kept.append)

    def preview(self, state, choices, room):
        if self.error:
            raise self.error
        return lambda: ("preview", state.channel, choices, room)

    def file(self, state, choices, is_copy):
        if self.error:
            raise self.error
        return lambda: ("copy" if is_copy else "file", state.channel, choices)

    @property
    def notice(self):
        return self.store.state.notice.sentence


@pytest.fixture
def house(qapp):
    made = House()
    yield made
    made.exporting.end()


def test_one_preview_is_under_way_and_the_newest_wish_is_next(house, qtbot):
    house.exporting.preview(ExportChoices(), ROOM)
    house.exporting.preview(ExportChoices(ending="svg"), ROOM)
    house.exporting.preview(ExportChoices(ending="pdf"), ROOM)
    assert len(house.jobs) == 1
    house.exporting.on_job_done(ExportPreview())
    qtbot.waitUntil(lambda: len(house.jobs) == 2)
    assert house.jobs[1]()[2].ending == "pdf"


def test_a_preview_is_made_again_only_where_something_changed(house):
    house.exporting.preview(ExportChoices(), ROOM)
    house.exporting.on_job_done(ExportPreview())
    house.exporting._on_clock_timeout()
    assert len(house.jobs) == 1
    house.store.update(channel=1)
    house.exporting._on_clock_timeout()
    assert house.jobs[1]()[1] == 1
    house.exporting._on_clock_timeout()
    assert len(house.jobs) == 2  # while one is drawn, none is asked for


@pytest.mark.parametrize(
    "change",
    [{"display": DisplaySpec("viridis")}, {"pinned": Pixel(MapName.POOLED, 0, 1)}],
)
def test_a_preview_follows_what_is_shown(house, change):
    house.exporting.preview(ExportChoices(), ROOM)
    house.exporting.on_job_done(ExportPreview())
    house.store.update(**change)
    house.exporting._on_clock_timeout()
    assert len(house.jobs) == 2
    house.store.update(channel=1)
    house.exporting._on_clock_timeout()
    assert len(house.jobs) == 2


def test_a_wish_that_comes_back_and_another_theme_are_drawn_again(house):
    for _ in range(2):
        house.exporting.preview(ExportChoices(), ROOM)
        house.exporting.on_job_done(ExportPreview())
        house.exporting.preview(ExportChoices(ending="csv"), ROOM)
    house.exporting.preview(ExportChoices(), ROOM)
    house.exporting._on_clock_timeout()
    assert len(house.jobs) == 2
    house.exporting.on_job_done(ExportPreview())
    house.exporting.renew()
    house.exporting._on_clock_timeout()
    assert len(house.jobs) == 3


def test_a_preview_that_comes_too_late_is_not_shown(house):
    house.exporting.preview(ExportChoices(), ROOM)
    house.exporting.end()
    house.views.take()
    house.exporting.on_job_done(ExportPreview())
    assert house.views.take() == []


def test_a_wish_that_cannot_be_is_told_in_the_preview(house):
    house.error = ExportError("Too large.")
    house.exporting.preview(ExportChoices(), ROOM)
    (preview,) = house.views.last("export_preview")
    assert preview.sentence == "Too large."


def test_the_first_repetition_asks(house):
    house.exporting.repeat()
    assert house.views.take() == ["ask_export"]
    assert not house.jobs


def test_a_repetition_does_as_the_last_time(qapp, tmp_path):
    house = House(ExportChoices(ending="csv", folder=str(tmp_path)))
    house.exporting.repeat()
    assert house.jobs[0]() == ("file", 0, ExportChoices(ending="csv", folder=str(tmp_path)))


def test_what_was_exported_is_remembered_and_told(house):
    house.exporting.on_job_done(ExportOutcome(ExportChoices(theme="dark"), "/a/b.png"))
    assert house.kept == [ExportChoices(theme="dark")]
    assert house.notice == "Saved as /a/b.png."
    assert house.views.last("end_export") == ("",)
    house.exporting.repeat()
    assert house.jobs[0]()[2].theme == "dark"


def test_a_failure_while_the_dialog_is_open_does_not_ask_again(house):
    failure = ExportOutcome(ExportChoices(), "/a/b.png", sentence="It is full.")
    house.exporting.ask()
    house.views.take()
    house.exporting.on_job_done(failure)
    assert "ask_export" not in house.views.take()
    house.exporting.end()
    house.exporting.on_job_done(failure)
    assert "ask_export" in house.views.take()


def test_a_folder_that_is_gone_is_not_offered(tmp_path):
    assert folder_of(ExportChoices(folder=str(tmp_path))) == str(tmp_path)
    assert Path(folder_of(ExportChoices(folder=str(tmp_path / "gone")))).is_dir()


def test_a_repetition_that_failed_asks(house, tmp_path):
    choices = ExportChoices(folder=str(tmp_path), theme="dark")
    house.exporting.on_job_done(ExportOutcome(choices, "/a/b.png", sentence="It is full."))
    assert house.notice == "It is full."
    assert house.views.last("ask_export") == (choices,)
    assert house.views.last("end_export") == ("It is full.",)
    assert not house.kept


def test_copying_keeps_nothing_and_names_no_file(house):
    house.exporting.copy()
    kind, _, choices = house.jobs[0]()
    assert kind == "copy"
    house.exporting.on_job_done(ExportOutcome(choices, image="picture"))
    assert house.views.last("image") == ("picture",)
    assert house.notice == "Figure copied to the clipboard."
    assert not house.kept


@pytest.mark.parametrize("wish", ["ask", "repeat", "copy"])
def test_without_maps_there_is_one_sentence(qapp, wish):
    house = House(ExportChoices(), ViewState())
    getattr(house.exporting, wish)()
    assert house.notice.startswith("There is no figure yet")
    assert not house.jobs


def test_what_makes_no_sense_is_as_usual():
    choices = ExportChoices(ending="pdf", theme="dark", scale=3.0)
    data = choices_to_json(choices)
    assert choices_from_json(data) == choices
    wrong = {**data, "ending": "exe", "scale": "2", "template": "{secret}", "spec": {"width": -1}}
    usual = ExportChoices()
    assert choices_from_json(wrong) == replace(usual, theme="dark")
    assert choices_from_json([1]) is None
