"""The words in braces: what they stand for, before and after a view was saved and opened."""

from dataclasses import replace
from datetime import UTC, datetime

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.numbers import format_number
from poolviewer.core.templates import FIELDS
from poolviewer.export.fields import fields_of
from poolviewer.export.session import session_of
from poolviewer.sources.session import SessionSource

from .cases import activations_of, request_of

NOW = datetime(2026, 1, 31, 23, 59, 58, tzinfo=UTC)


def test_each_field_is_what_its_name_says():
    request = request_of(pixel=Pixel(MapName.POOLED, 2, 3))
    fields = fields_of(request, NOW)
    assert set(fields) == set(FIELDS)
    assert (fields["source"], fields["frame"], fields["channel"]) == ("picture", "3", "1")
    assert (fields["row"], fields["col"], fields["map"]) == ("2", "3", "pooled")
    assert (fields["date"], fields["time"]) == ("2026-01-31", "235958")
    assert fields["value"] == format_number(request.activations.pooled_maps[2, 3, 1])
    assert fields["mode"] == ""


def test_without_a_pixel_its_fields_are_empty():
    fields = fields_of(request_of(pixel=None), NOW)
    assert {fields[name] for name in ("row", "col", "map", "value")} == {""}


def test_a_view_that_was_opened_again_is_named_as_before(tmp_path):
    session = session_of(request_of())
    frame = SessionSource(tmp_path / "figure.png", session).read()
    fields = fields_of(request_of(replace(activations_of(), frame=frame)), NOW)
    assert (fields["source"], fields["frame"]) == ("picture", "3")
