"""Push to the views what differs between two states, and nothing else."""

from collections.abc import Callable

from poolviewer.core.chain_scene import chain_question
from poolviewer.core.geometry import MapGeometry
from poolviewer.core.placement import fit_plan, sized
from poolviewer.core.protocols import Views
from poolviewer.core.view_state import ViewState, trace_scene

_Push = Callable[[Views, ViewState], None]


def show_differences(views: Views, old: ViewState, new: ViewState) -> None:
    """Show in every view what changed from one state to the next."""
    for names, push in _PUSHES:
        if any(getattr(old, name) != getattr(new, name) for name in names):
            push(views, new)


def _rendering(views: Views, state: ViewState) -> None:
    if state.rendering is not None:
        views.show_rendering(state.rendering, state.channel)


def _preview(views: Views, state: ViewState) -> None:
    if state.preview is not None:
        rows, cols = state.preview.picture.shape[:2]
        spec = sized(state.network, (rows, cols)).input
        extent = MapGeometry.of_input(spec.height, spec.width).extent
        views.show_preview(state.preview, fit_plan((rows, cols), spec).placement, extent)


def _trace(views: Views, state: ViewState) -> None:
    views.show_trace(trace_scene(state))


def _source(views: Views, state: ViewState) -> None:
    views.show_source(state.source, is_frozen=state.is_frozen)


# The mirror and the maps come before the trace, which is drawn over them.
_PUSHES: tuple[tuple[tuple[str, ...], _Push], ...] = (
    (("display",), lambda views, state: views.show_display(state.display)),
    (("rendering", "channel"), _rendering),
    (("preview",), _preview),
    (
        (
            "rendering",
            "channel",
            "hovered",
            "pinned",
            "hovered_beside",
            "pinned_beside",
            "conceals",
        ),
        _trace,
    ),
    (
        ("rendering", "channel", "hovered", "pinned", "has_chain", "chain_focus", "conceals"),
        lambda views, state: views.show_chain(chain_question(state)),
    ),
    (("history",), lambda views, state: views.show_history(state.history)),
    # Before the network, which may be this model.
    (("model",), lambda views, state: views.show_model(state.model)),
    (
        ("network", "problems"),
        lambda views, state: views.show_network(state.network, state.problems),
    ),
    (
        ("model", "network", "problems"),
        lambda views, state: views.show_layers(state.listed, state.network),
    ),
    (
        ("recent_models",),
        lambda views, state: views.show_recent_models(state.recent_models),
    ),
    (("question",), lambda views, state: views.ask_input_shape(state.question)),
    (("source", "is_frozen"), _source),
    (
        ("source", "is_frozen", "timeline", "is_looping"),
        lambda views, state: views.show_transport(state.transport),
    ),
    (
        ("phase", "is_opening"),
        lambda views, state: views.show_phase(state.phase, can_cancel=state.is_opening),
    ),
    (("experiment",), lambda views, state: views.show_experiment(state.experiment)),
    (("recording",), lambda views, state: views.show_recording(state.recording)),
    (("notice",), lambda views, state: views.show_notice(state.notice)),
    (
        ("meters", "versions"),
        lambda views, state: views.show_meters(state.meters, state.versions.device),
    ),
)
