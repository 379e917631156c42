"""What the controller copies as proof, and what it does not."""

from dataclasses import dataclass, replace

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.experiment import Experiment, Finding, Subject
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.proof import FORMS
from poolviewer.core.rendering import render
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.proofs import CONCEALED, ProofController
from poolviewer.runtime.store import Store
from tests.export.cases import activations_of
from tests.runtime.recording_views import RecordingViews


@dataclass(frozen=True, slots=True)
class Hiding(Experiment):
    """A mode in which the pooled value may not be seen."""

    conceals: bool = True

    def conduct(self, subject):
        return Finding(self, subject.channel)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("is_concealed", [False, True])
def test_what_is_concealed_is_not_copied(form, is_concealed):
    views = RecordingViews()
    state = ViewState(
        rendering=render(activations_of(), DisplaySpec()),
        hovered=Pixel(MapName.POOLED, 1, 2),
        experiment=Hiding(is_concealed),
    )
    store = Store(views, state)
    ProofController(store).copy(form)
    texts = [arguments for name, arguments in views.calls if name == "text"]
    assert len(texts) == (not is_concealed)
    assert (store.state.notice.sentence == CONCEALED) == is_concealed


def test_what_was_changed_by_hand_is_said_above_the_proof():
    activations, edit = activations_of(), Edit(MapName.FEATURE, 2, 4, 0, 9.0)
    poke = Poke((edit,))
    finding = poke.conduct(Subject(activations, 0, None, lambda _: activations))
    rendering = replace(render(finding.altered, DisplaySpec()), finding=finding)
    views = RecordingViews()
    state = ViewState(rendering=rendering, hovered=Pixel(MapName.POOLED, 1, 2), experiment=poke)
    ProofController(Store(views, state)).copy("numpy")
    (text,) = [arguments[0] for name, arguments in views.calls if name == "text"]
    assert text.startswith("# Pixels were changed by hand.\n# Pooled pixel (1, 2)")
    exec(text, {})
