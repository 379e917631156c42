"""From an opened model and what was asked for to the network that runs, or why there is none."""

from dataclasses import replace

from poolviewer.core.errors import NetworkError
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.inspection import remark
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import Network

MOST_NAMED = 12


def chosen_network(
    info: ModelInfo, file: ModelFile, remembered: InputSpec | None = None
) -> ModelSpec:
    """Return an opened model at the stage and with the input that were asked for.

    Parameters
    ----------
    remembered
        What the model got before, for where nothing else is asked for.

    Raises
    ------
    NetworkError
        Nothing of the model can be drawn, or it has no such stage, or not that size.
    """
    if remark(info):
        raise NetworkError(remark(info))
    stage = info.find_stage(file.stage)
    if stage is None:
        names = ", ".join(stage.name for stage in info.stages[:MOST_NAMED])
        raise NetworkError(f"{info.name} has no pooling layer {file.stage}: choose one of {names}.")
    remark_on_size = file.size_remark(info)
    if remark_on_size:
        raise NetworkError(remark_on_size)
    return info.used_at(stage, file.chosen_input(info, remembered))


def restored_network(info: ModelInfo, file: ModelFile, saved: Network | None) -> ModelSpec:
    """Return what `chosen_network` does; where a view of this model was saved, as it was there.

    What was asked for counts more: the file's stage, size and preprocessing.
    """
    if not isinstance(saved, ModelSpec) or saved.digest != info.digest:
        return chosen_network(info, file)
    return chosen_network(info, replace(file, stage=file.stage or saved.stage), saved.input)
