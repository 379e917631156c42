"""Exports of the whole application: what is chosen is seen, written, remembered and repeated."""

import json
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from poolviewer.core.export_choices import ExportChoices
from poolviewer.settings import Settings

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(window, key, modifiers=CONTROL):
    QTest.keyClick(window.windowHandle(), key, modifiers)


def dialog_of(application):
    return application.window.exports.dialog


def notice_of(application):
    notice = application.controller.state.notice
    return notice.sentence if notice else ""


def asked(application, wait, folder):
    """Open the dialog by its key, with a folder, and wait for the preview."""
    press(application.window, Qt.Key.Key_S, CONTROL | SHIFT)
    dialog = dialog_of(application)
    dialog.form.show_folder(str(folder))
    wait(lambda: dialog.preview.image is not None)
    return dialog


def test_what_is_chosen_is_seen_and_written_and_repeated(started, wait, tmp_path):
    application = started(pin=(4, 7))
    dialog = asked(application, wait, tmp_path)
    before = dialog.preview.image
    width, height = dialog.preview.room
    assert before.width() <= width
    assert before.height() <= height
    dialog.form.fields["theme"].set_value("dark")
    wait(lambda: dialog.preview.image is not before)
    assert dialog.preview.image.pixelColor(1, 1).lightness() < 100
    dialog.form.fields["scale"].set_value("1")
    wait(lambda: dialog.form.size_words.text().startswith("1280 ×"))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    wait(lambda: dialog_of(application) is None)
    (path,) = tmp_path.iterdir()
    assert path.name == "chelsea-0-tutorial-max_pooling2d-c0-4-7.png"
    assert notice_of(application) == f"Saved as {path}."
    image = QImage(str(path))
    assert image.width() == 1280
    assert image.pixelColor(1, 1).lightness() < 100

    application.window.wishes["save_figure"].trigger()
    second = path.with_name(f"{path.stem}-2.png")
    wait(lambda: notice_of(application) == f"Saved as {second}.")
    assert QImage(str(second)) == image
    assert dialog_of(application) is None
    remembered = Settings().export
    assert (remembered.theme, remembered.scale) == ("dark", 1.0)
    assert remembered.folder == str(tmp_path)


def test_a_restart_remembers(started, wait, tmp_path):
    Settings().export = ExportChoices(ending="npz", folder=str(tmp_path), template="c{channel}")
    application = started()
    press(application.window, Qt.Key.Key_S)
    path = tmp_path / "c0.npz"
    wait(lambda: notice_of(application) == f"Saved as {path}.")
    with np.load(path) as arrays:
        maps = application.controller.state.rendering.activations.pooled_maps
        assert (arrays["pooled_maps"] == maps).all()


def test_the_first_time_it_is_asked(started, wait):
    application = started()
    press(application.window, Qt.Key.Key_S)
    dialog = dialog_of(application)
    assert dialog is not None
    dialog.reject()
    assert dialog_of(application) is None


def test_a_folder_that_vanished_is_told_and_another_asked_for(started, wait, tmp_path):
    gone = tmp_path / "gone"
    Settings().export = ExportChoices(folder=str(gone), theme="dark")
    application = started()
    press(application.window, Qt.Key.Key_S)
    wait(lambda: dialog_of(application) is not None)
    dialog = dialog_of(application)
    assert "does not exist" in dialog.problem.text()
    choices = dialog.form.choices()
    assert choices.theme == "dark"
    assert Path(choices.folder).is_dir()
    dialog.reject()


def test_a_failure_leaves_the_dialog_as_it_was(started, wait, tmp_path):
    application = started()
    dialog = asked(application, wait, tmp_path / "missing")
    dialog.form.fields["ending"].set_value("csv")
    wait(lambda: dialog.name.text().endswith(".csv"))
    dialog.accept()
    wait(lambda: "does not exist" in dialog.problem.text())
    assert dialog.export_button.isEnabled()
    dialog.form.show_folder(str(tmp_path))
    dialog.accept()
    wait(lambda: dialog_of(application) is None)
    assert [path.suffix for path in tmp_path.iterdir()] == [".csv"]


def test_return_tries_again_after_a_failure(started, wait, tmp_path):
    application = started()
    dialog = asked(application, wait, tmp_path / "missing")
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    wait(lambda: "does not exist" in dialog.problem.text())
    dialog.form.show_folder(str(tmp_path))
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    wait(lambda: dialog_of(application) is None)
    assert len(list(tmp_path.iterdir())) == 1


def test_numbers_are_told_in_words(started, wait, tmp_path):
    application = started()
    dialog = asked(application, wait, tmp_path)
    dialog.form.fields["ending"].set_value("npy")
    dialog.form.fields["extent"].set_value("all")
    assert dialog.preview.image is None
    assert "every channel" in dialog.preview.text
    assert not dialog.copy_button.isEnabled()
    dialog.reject()


def test_the_figure_is_copied_from_the_dialog(started, wait, tmp_path):
    application = started()
    dialog = asked(application, wait, tmp_path)
    dialog.form.fields["scale"].set_value("1")
    dialog.copy_button.click()
    wait(lambda: dialog_of(application) is None)
    assert QGuiApplication.clipboard().image().width() == 1280
    assert not list(tmp_path.iterdir())


def test_the_preview_follows_the_window(started, wait, tmp_path):
    application = started()
    dialog = asked(application, wait, tmp_path)
    before = dialog.preview.image
    application.controller.set_channel(5)
    wait(lambda: dialog.preview.image is not before)
    assert "-c5" in dialog.name.text()
    dialog.reject()


def test_the_preview_follows_the_window_s_colours(started, wait, tmp_path):
    application = started()
    application.choose_theme("light")
    dialog = asked(application, wait, tmp_path)
    wait(lambda: dialog.preview.image.pixelColor(1, 1).lightness() > 200)
    application.choose_theme("dark")
    wait(lambda: dialog.preview.image.pixelColor(1, 1).lightness() < 100)
    dialog.reject()


def test_a_figure_without_parts_is_not_exported(started, wait, tmp_path):
    application = started()
    dialog = asked(application, wait, tmp_path)
    chosen = [tick for tick in dialog.form.parts.values() if tick.value()]
    for tick in chosen:
        QTest.keyClick(tick, Qt.Key.Key_Space)
    wait(lambda: "choose at least one part" in dialog.preview.text)
    assert not dialog.export_button.isEnabled()
    assert not dialog.copy_button.isEnabled()
    dialog.form.fields["ending"].set_value("csv")
    wait(dialog.export_button.isEnabled)
    dialog.form.fields["ending"].set_value("png")
    QTest.keyClick(chosen[0], Qt.Key.Key_Space)
    wait(lambda: dialog.preview.image is not None)
    assert dialog.export_button.isEnabled()
    dialog.reject()


def test_closing_during_an_export_is_clean(started, wait, tmp_path):
    Settings().export = ExportChoices(folder=str(tmp_path), template="a")
    application = started()
    dialog = asked(application, wait, tmp_path)
    dialog.accept()
    application.window.close()
    assert application.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_choices_are_plain_json(qapp):
    Settings().export = ExportChoices(theme="light")
    stored = Settings()._store.value("export")
    assert json.loads(stored)["theme"] == "light"
    assert Settings().export == ExportChoices(theme="light")


def test_what_has_no_room_is_told_under_the_preview(started, wait, tmp_path):
    application = started(pin=(4, 7))
    dialog = asked(application, wait, tmp_path)
    assert dialog.left_out.text() == ""
    room = dialog.preview.room
    dialog.form.fields["layout"].set_value("slide")
    wait(lambda: dialog.left_out.text() == "Left out to fit: the picture beside the trace.")
    assert dialog.preview.room == room
    dialog.form.fields["ending"].set_value("csv")
    assert dialog.left_out.text() == ""
    dialog.reject()
