"""Layouts for slides and papers: sizes, what belongs to them, and that nothing is cut off."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPicture

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import left_out_words, size_words
from poolviewer.core.figure_spec import LAYOUTS, PARTS, USUAL_CAPTION, USUAL_PARTS, FigureSpec
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import ROLE_COLOURS, THEMES
from poolviewer.drawing.values import PADDING, TYPICAL
from poolviewer.export.composition import compose, composed
from poolviewer.export.elements import Sheet
from poolviewer.export.figure import draw_figure, figure_size, render_figure
from poolviewer.export.maps import cells_of
from poolviewer.export.preview import preview_of
from poolviewer.export.request import ready
from poolviewer.export.style import style_of
from poolviewer.export.trace_panel import WindowTable
from poolviewer.export.word_parts import NO_LIMIT
from tests.drawing.painting import is_colour, pixels_of

from .cases import activations_of, network, odd_requests, request_of

LAST_RESORTS = ("caption", "legend", "trace")
PAPER = {"column": 85, "page": 174}
MM = 96 / 25.4


def figure_of(spec=None, **options):
    return pixels_of(render_figure(request_of(spec=spec or FigureSpec(), **options)))


def compared(activations):
    """Return the laboratory's comparison, which has maps of its own."""
    experiment = Compare()
    subject = Subject(activations, 1, None, lambda _: activations)
    return {"experiment": experiment, "finding": experiment.conduct(subject)}


def assert_clear_margins(image, request):
    """Nothing reaches into the margin but the outlines, by a quarter of it at most."""
    style, pixels = style_of(request.spec), pixels_of(image)
    margin = int((style.margin * style.unit - 8 * style.unit) * request.scale)
    edges = (pixels[:margin], pixels[:, :margin], pixels[:, -margin:], pixels[-margin:])
    for edge in edges if margin > 0 else ():
        assert is_colour(edge, THEMES[request.theme].background).all()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_slide_has_the_size_of_a_projector(scale):
    image = render_figure(request_of(spec=FigureSpec(layout="slide"), scale=scale))
    assert (image.width(), image.height()) == (1280 * scale, 720 * scale)


@pytest.mark.parametrize("layout", PAPER)
@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_a_figure_for_a_paper_has_the_width_of_its_columns(layout, scale):
    request = request_of(spec=FigureSpec(layout=layout), scale=scale)
    image = render_figure(request)
    width_mm = image.width() / image.dotsPerMeterX() * 1000
    assert width_mm == pytest.approx(PAPER[layout], abs=0.3)
    assert figure_size(request)[0] == pytest.approx(PAPER[layout] * MM)


@pytest.mark.parametrize("layout", PAPER)
def test_text_on_paper_has_seven_to_nine_points(layout):
    style = style_of(FigureSpec(layout=layout))
    for units in (12, 14, style.title_px, style.headline_px, style.number_px):
        points = text_font(units).pixelSize() * style.unit * 72 / 96
        assert 7.0 <= points <= 9.0


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("parts", [PARTS, *((part,) for part in PARTS)])
def test_every_part_stands_alone_and_with_all_others(layout, theme, parts):
    activations = activations_of()
    options = compared(activations) if "laboratory" in parts else {}
    spec = FigureSpec(parts=parts, layout=layout)
    request = request_of(activations, spec=spec, theme=theme, **options)
    assert_clear_margins(render_figure(request), request)


@settings(max_examples=60, deadline=None)
@given(odd_requests(), st.integers(0, 10_000))
def test_any_figure_of_any_layout_is_drawn_whole_or_refused(request_, seed):
    random = Random(seed)
    spec = FigureSpec(
        parts=tuple(random.sample(PARTS, random.randint(1, len(PARTS)))),
        has_outlines=random.random() < 0.8,
        has_winner=random.random() < 0.8,
        has_values=random.random() < 0.8,
        has_colour_bars=random.random() < 0.8,
        text_scale=random.choice([0.5, 0.8, 1.0, 1.0, 1.7, 3.0]),
        layout=random.choice(LAYOUTS),
        width=random.choice([240, 500, 1280, 2000]),
        height=random.choice([0, 180, 400, 720, 1500]),
    )
    request = replace(request_, spec=spec)
    drawn = _drawn_or_refused(request)
    if isinstance(drawn, str):
        assert "does not fit its size" in drawn
        return
    width, height = figure_size(request)
    assert drawn.width() == np.ceil(width * request.scale)
    assert drawn.height() == np.ceil(height * request.scale)
    assert_clear_margins(drawn, request)


def _drawn_or_refused(request):
    """Return the image, or the sentence that says why there is none."""
    try:
        return render_figure(request)
    except ExportError as error:
        return str(error)


@pytest.mark.parametrize("size", [(800, 500), (600, 1200), (1920, 1080), (3000, 700), (1280, 720)])
@pytest.mark.parametrize("parts", [PARTS, ("input", "pooled"), ("title", "gallery"), ("feature",)])
def test_a_fixed_height_is_filled_and_nothing_overlaps(size, parts):
    activations = activations_of()
    spec = FigureSpec(parts=parts, width=size[0], height=size[1])
    request = ready(request_of(activations, spec=spec, **compared(activations)))
    style = style_of(spec)
    sheet = compose(request, style)
    assert isinstance(sheet, Sheet)
    width = style.inner_width
    used = sheet.content.height(width) + sheet.foot.height(width)
    assert used <= style.inner_height + 1e-6
    assert figure_size(request) == size


def test_larger_figures_have_larger_maps():
    sizes = [(900, 500), (1280, 720), (2560, 1440)]
    scales = [places(FigureSpec(width=w, height=h))[MapName.INPUT].scale_x for w, h in sizes]
    assert scales == sorted(set(scales))


def places(spec, **options):
    """Return where each map was put, by drawing the figure into nothing."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    found = draw_figure(painter, request_of(spec=spec, **options), 1.0)
    painter.end()
    return found


@pytest.mark.parametrize(
    "spec",
    [
        FigureSpec(width=240, height=180),
        FigureSpec(parts=PARTS, width=300, height=180, text_scale=3.0),
    ],
)
def test_what_cannot_fit_is_refused_in_one_sentence(spec):
    for job in (figure_size, render_figure):
        with pytest.raises(ExportError, match="does not fit its size: make it larger"):
            job(request_of(spec=spec))


@pytest.mark.parametrize(
    "spec",
    [FigureSpec(layout="slide", text_scale=3.0), FigureSpec(width=400, height=300)],
)
def test_text_becomes_smaller_before_a_figure_is_refused(spec):
    request = ready(request_of(spec=spec))
    with pytest.raises(ExportError):
        compose(request, style_of(spec))
    _, style = composed(request)
    assert style_of(replace(spec, text_scale=0.5)).unit <= style.unit < style_of(spec).unit
    assert (style.width * style.unit, style.height * style.unit) == pytest.approx(
        figure_size(request)
    )
    assert_clear_margins(render_figure(request), request)


def test_smaller_text_is_remarked_upon_before_the_export():
    for text_scale, is_reduced in ((3.0, True), (1.0, False)):
        spec = FigureSpec(layout="slide", text_scale=text_scale)
        preview = preview_of(request_of(spec=spec), ExportChoices(spec), (640, 360))
        words = size_words(preview, 1.0)
        assert words.startswith("1280 × 720 pixels, 339 × 190 mm")
        assert ("\ntext at " in words) == is_reduced
        assert (0.5 <= preview.text_scale < 3.0) if is_reduced else preview.text_scale == 0


def test_text_that_fits_keeps_its_size():
    for layout in LAYOUTS:
        spec = FigureSpec(layout=layout, text_scale=1.3)
        assert composed(ready(request_of(spec=spec)))[1] == style_of(spec)


def test_a_title_that_is_too_long_for_a_line_goes_on_in_a_second():
    titles = ("one line", " ".join(["some words"] * 12), " ".join(["many words"] * 60))
    heights = [len(figure_of(FigureSpec(parts=("title",), title=title))) for title in titles]
    assert heights[0] < heights[1] == heights[2]


@pytest.mark.parametrize("parts", [("feature",), ("feature", "trace"), ("pooled", "caption")])
def test_a_single_map_leaves_no_half_of_the_figure_empty(parts):
    spec = FigureSpec(parts=parts)
    scale = next(iter(places(spec).values())).scale_x
    assert 32 * scale > 0.6 * spec.width
    pixels = figure_of(spec)
    right = pixels[:, pixels.shape[1] * 3 // 4 :]
    assert len(np.unique(right.reshape(-1, 3), axis=0)) > 8


@pytest.mark.parametrize("layout", [*PAPER, "slide"])
@pytest.mark.parametrize("count", [2, 3, 6])
def test_numbers_in_a_table_can_be_read(layout, count):
    """What there is room for is shown, and its typical numbers have seven points on paper."""
    request = request_of(activations_of(network(pool_size=(count, count))), pixel=None)
    pixel = Pixel(MapName.POOLED, 1, 1)
    spec = FigureSpec(layout=layout)
    request, style = replace(request, pixel=pixel, spec=spec), style_of(spec)
    for room in (160.0, 400.0):
        table = WindowTable.of(request, request.trace, style, room, 0.0)
        font = text_font(style.smallest_px)
        assert QFontMetricsF(font).horizontalAdvance(TYPICAL) + 2 * PADDING <= table.tile
        assert table.width <= room
    if layout in PAPER:
        assert style.smallest_px * style.unit * 72 / 96 >= 7.0


def test_what_gives_way_is_the_caption_first_and_the_trace_last():
    heights = range(1000, 260, -40)
    seen = [_parts_seen(FigureSpec(width=1280, height=height)) for height in heights]
    for part in LAST_RESORTS:
        has_part = [part in parts for parts in seen]
        assert has_part == sorted(has_part, reverse=True)
        assert has_part[0]
    counts = [[part in parts for parts in seen].count(True) for part in ("caption", "trace")]
    assert counts == sorted(counts)


def test_what_gave_way_is_told_before_the_export():
    heights = range(1000, 260, -20)
    missing = [preview_at(height).left_out for height in heights]
    assert missing[0] == ()
    assert missing[-1][-3:] == ("what made each map", "the legend", "the trace")
    for height, names in zip(heights[::6], missing[::6], strict=True):
        seen = _parts_seen(FigureSpec(width=1280, height=height))
        assert {f"the {part}" for part in LAST_RESORTS if part not in seen} <= set(names)
        other = FigureSpec(width=1280, height=height, caption="Another caption.")
        is_caption_gone = (figure_of(other) == figure_of(replace(other, caption="{row}"))).all()
        assert is_caption_gone == ("the caption" in names)
    words = left_out_words(missing[-1])
    assert words.startswith("Left out to fit: the caption, ")
    assert left_out_words(missing[0]) == ""


def test_what_was_not_wanted_or_not_there_has_not_given_way():
    spec = FigureSpec(parts=("title", "input", "feature", "pooled"), width=1280, height=280)
    assert set(preview_at(280, spec).left_out) <= {"what made each map"}
    assert "the trace" not in preview_at(280, pixel=None).left_out
    assert "the caption" not in preview_at(280, FigureSpec(caption="")).left_out


def preview_at(height, spec=None, **options):
    spec = replace(spec or FigureSpec(), width=1280, height=height)
    return preview_of(request_of(spec=spec, **options), ExportChoices(spec), (320, 180))


def test_a_caption_is_set_smaller_before_it_is_cut():
    caption = " ".join(["Every word of this sentence stands in the figure."] * 9)
    activations = activations_of(network(filters=64))
    for parts, text in ((USUAL_PARTS, caption), (PARTS, USUAL_CAPTION)):
        spec = FigureSpec(parts, layout="slide", caption=text)
        sheet, _ = composed(ready(request_of(activations, spec=spec)))
        _, paragraph = sheet.foot.elements
        assert paragraph.most == NO_LIMIT
        assert not {"the caption", "the end of the caption"} & set(sheet.left_out)


def _parts_seen(spec):
    """Return which parts can be told by other pixels than without them."""
    whole = figure_of(spec)
    seen = set()
    for part in LAST_RESORTS:
        less = replace(spec, parts=tuple(each for each in spec.parts if each != part))
        if (figure_of(less) != whole).any():
            seen.add(part)
    return seen


@pytest.mark.parametrize(
    ("kind", "words"), [("average", "average"), ("first", "first pixel of each window")]
)
def test_the_second_pooling_of_a_figure_says_which_it_is(kind, words):
    activations = activations_of()
    experiment = Compare(kind, padding="same")
    finding = experiment.conduct(Subject(activations, 1, None, lambda _: activations))
    second, signed = cells_of(request_of(activations, experiment=experiment, finding=finding))[3:]
    assert second.making == f"{words}: 2×2, strides 2×2, same"
    assert signed.making == "second pooling − pooled map"


@pytest.mark.parametrize("text_scale", [0.5, 1.0, 2.0])
def test_text_scale_makes_text_larger_but_not_the_figure(text_scale):
    title = "MMMMMMMM"
    spec = FigureSpec(parts=("title",), title=title, text_scale=text_scale)
    pixels = figure_of(spec)
    assert pixels.shape[1] == 1280
    columns = np.flatnonzero((pixels < 128).any(axis=(0, 2)))
    wanted = QFontMetricsF(text_font(22, is_bold=True)).horizontalAdvance(title) * text_scale
    assert np.ptp(columns) == pytest.approx(wanted, rel=0.05)


def test_titles_and_captions_are_templates():
    plain = FigureSpec(parts=("title",), title="same")
    same, filled = (
        replace(plain, title=title) for title in ("{map}", "{layer} {row} {col} {value}")
    )
    assert (figure_of(same) == figure_of(replace(plain, title="pooled"))).all()
    value = request_of().trace.value
    words = f"max_pooling2d 2 3 {value:.4g}".replace("-", "\N{MINUS SIGN}")
    assert (figure_of(filled) == figure_of(replace(plain, title=words))).all()
    captions = [FigureSpec(parts=("caption",), caption=text) for text in ("{channel}", "1")]
    assert (figure_of(captions[0]) == figure_of(captions[1])).all()


def test_an_empty_title_and_caption_take_no_room():
    empty = FigureSpec(title="", caption="{row}")
    without = FigureSpec(parts=("input", "feature", "pooled"))
    sizes = [figure_size(request_of(pixel=None, spec=spec)) for spec in (empty, without)]
    assert sizes[0] == sizes[1]


def test_switches_take_marks_away_everywhere():
    activations = activations_of(network(8, 8))
    every = {"activations": activations, "pixel": Pixel(MapName.POOLED, 0, 1)}
    shown = _colours(FigureSpec(), every)
    assert {Role.WINNER, Role.WINDOW, Role.FIELD, Role.PINNED} <= shown
    assert Role.WINNER not in _colours(FigureSpec(has_winner=False), every)
    assert Role.WINDOW in _colours(FigureSpec(has_winner=False), every)
    assert _colours(FigureSpec(has_outlines=False), every) == {Role.WINNER}
    assert not _colours(FigureSpec(has_outlines=False, has_winner=False), every)


def _colours(spec, options):
    """Return the roles whose colour is seen anywhere, legend and table included."""
    activations = options["activations"]
    activations.frame.picture[:] = activations.prepared.pixels[:] = 127
    pixels = figure_of(spec, **options)
    return {role for role, colour in ROLE_COLOURS.items() if is_colour(pixels, colour).any()} - {
        Role.PIXEL
    }


def test_numbers_and_colour_bars_can_be_left_out():
    activations = activations_of(network(6, 6))
    options = {"activations": activations, "pixel": None, "display": DisplaySpec()}
    usual, bare, numberless = (
        figure_of(spec, **options)
        for spec in (
            FigureSpec(parts=("feature",)),
            FigureSpec(parts=("feature",), has_colour_bars=False),
            FigureSpec(parts=("feature",), has_values=False),
        )
    )
    assert len(bare) < len(usual)
    assert numberless.shape == usual.shape
    assert (numberless != usual).any()
    place = places(FigureSpec(parts=("feature",), has_values=False), **options)[MapName.FEATURE]
    tile = place.snapped(activations.stage.feature_geometry.tile(1, 1)).toRect()
    part = numberless[tile.top() : tile.bottom() + 1, tile.left() : tile.right() + 1]
    assert len(np.unique(part.reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_figure_is_drawn_without_pixels_as_well(layout):
    """SVG, PDF and other drawings have no pixels that edges could lie on."""
    request = request_of(spec=FigureSpec(parts=PARTS, layout=layout))
    drawing, again = QPicture(), QImage(*map(round, figure_size(request)), QImage.Format(4))
    painter = QPainter(drawing)
    found = draw_figure(painter, request)
    painter.end()
    again.fill(0xFFFFFF)
    painter = QPainter(again)
    drawing.play(painter)
    painter.end()
    wanted = places(request.spec)
    assert found.keys() == wanted.keys() == set(MapName)
    for name, place in found.items():
        assert (place.left, place.top) == pytest.approx((wanted[name].left, wanted[name].top))
    pixels, wide = pixels_of(again).astype(int), pixels_of(render_figure(request))
    near = np.abs(pixels - wide[: pixels.shape[0], : pixels.shape[1]])
    assert (near.max(axis=2) > 64).mean() < 0.05


def test_the_painter_is_left_as_it_was():
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.translate(3, 4)
    before = painter.transform()
    draw_figure(painter, request_of(spec=FigureSpec(layout="column")))
    assert painter.transform() == before
    painter.end()


def test_the_laboratory_s_maps_belong_to_it():
    activations = activations_of()
    options = {"activations": activations, **compared(activations)}
    usual, without = FigureSpec(), FigureSpec(parts=tuple(p for p in PARTS if p != "laboratory"))
    request = request_of(spec=usual, **options)
    assert [extra.title for extra in request.extra_maps] == ["Second pooling", "Difference"]
    other = request_of(spec=without, **options)
    assert not other.extra_maps
    assert Role.SECOND not in {mark.role for marks in other.marks.values() for mark in marks}
    sizes = [figure_size(each)[1] for each in (request, request_of(activations))]
    assert sizes[0] > sizes[1] + 300


def test_extra_maps_are_drawn_at_the_scale_of_the_three():
    activations = activations_of()
    cells = cells_of(ready(request_of(activations, **compared(activations))))
    assert [cell.title for cell in cells[3:]] == ["Second pooling", "Difference"]
    assert cells[4].make_picture().image.image.width() == 15
    assert cells[4].range.low == f"\N{MINUS SIGN}{cells[4].range.high}"
