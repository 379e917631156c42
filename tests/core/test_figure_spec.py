"""What no figure can be is said in one sentence, before anything is drawn."""

import pytest

from poolviewer.core import figure_spec
from poolviewer.core.errors import ExportError
from poolviewer.core.figure_spec import LAYOUTS, PARTS, FigureSpec, check_pixels, check_spec


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("parts", [PARTS, *((part,) for part in PARTS)])
def test_every_part_goes_with_every_layout(layout, parts):
    check_spec(FigureSpec(parts=parts, layout=layout))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"parts": ()}, "would be empty"),
        ({"parts": ("title", "logo")}, "no part logo"),
        ({"layout": "poster"}, "no layout poster"),
        ({"width": 0}, "width of the figure must lie between 240 and 8192, and 0 does not"),
        ({"width": -5}, "width .* -5 does not"),
        ({"width": 10**6}, "width .* 1,000,000 does not"),
        ({"width": float("nan")}, "width .* nan does not"),
        ({"height": -1}, "height .* -1 does not"),
        ({"height": 10**6}, "height .* 1,000,000 does not"),
        ({"height": float("inf")}, "height .* inf does not"),
        ({"text_scale": 0}, "size of the text must lie between 0.5 and 3, and 0 does not"),
        ({"text_scale": 100}, "size of the text .* 100 does not"),
        ({"text_scale": float("nan")}, "size of the text .* nan does not"),
        ({"title": "{colour}"}, "cannot stand in a template"),
        ({"title": "{channel:03}"}, "cannot stand in a template"),
        ({"title": "{channel!r:>9}"}, "cannot stand in a template"),
        ({"caption": "{"}, "brace too many"),
    ],
)
def test_what_no_figure_can_be_is_said(options, sentence):
    with pytest.raises(ExportError, match=sentence) as caught:
        check_spec(FigureSpec(**options))
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_sizes_of_other_layouts_do_not_matter():
    check_spec(FigureSpec(layout="slide", width=0, height=10**6))


def test_a_picture_takes_no_more_memory_than_there_is(monkeypatch):
    monkeypatch.setattr(figure_spec, "default_budget", lambda: 4 * 200 * 100)
    check_pixels(100, 50, 2.0)
    with pytest.raises(ExportError, match="not enough memory for the figure, which takes 1 MB"):
        check_pixels(100, 51, 2.0)


@pytest.mark.parametrize("size", [(8192, 100), (100, 8192), (1e9, 1e9)])
def test_no_side_is_longer_than_can_be_painted(size):
    with pytest.raises(ExportError, match="no side exceeds 32,000"):
        check_pixels(*size, 4.0)
