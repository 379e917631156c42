"""Makers of model files: sound ones by Keras, and hostile or broken ones out of their parts.

A maker gets a folder and returns the path to open. Payloads write into `folder.parent / "canary"`,
and ``secret.txt`` beside the model is what links try to reach.
"""

import functools
import io
import json
import marshal
import os
import pickle
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np

NAME = "model.keras"
SECRET = "the launch code is 0451"
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"


# Sound files


@functools.cache
def _saved(ending):
    """Save a small network with each of the usual layers once, by Keras itself."""
    import keras  # noqa: PLC0415

    layers = keras.layers
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(name="pool"),
            layers.Flatten(name="flat"),
            layers.Dense(5, name="dense"),
        ],
        name="small",
    )
    model.compile("adam", "mse")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"model{ending}")
        model.save(path)
        return path.read_bytes()


def sound_keras():
    return _saved(".keras")


def sound_hdf5():
    return _saved(".h5")


def sound_parts():
    """Return the members of a sound ``.keras`` file, in bytes."""
    with zipfile.ZipFile(io.BytesIO(sound_keras())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sound_config():
    return json.loads(sound_parts()[CONFIG])


# Files with something wrong in them


def with_bytes(name, data):
    def make(folder):
        (folder / name).write_bytes(data() if callable(data) else data)
        return folder / name

    return make


def with_parts(changes, method=zipfile.ZIP_STORED):
    """Zip a sound model with some members changed; None leaves one out."""

    def make(folder):
        parts = {**sound_parts(), **(changes(folder) if callable(changes) else changes)}
        with zipfile.ZipFile(folder / NAME, "w", method) as archive:
            for name, data in parts.items():
                if data is not None:
                    archive.writestr(name, data)
        return folder / NAME

    return make


def with_config(edit):
    """Zip a sound model whose description was edited; see `layers_of` and `layer`."""

    def changes(folder):
        config = sound_config()
        edit(config) if edit.__code__.co_argcount == 1 else edit(config, folder)
        return {CONFIG: json.dumps(config)}

    return with_parts(changes)


def layers_of(config):
    return config["config"]["layers"]


def layer(name, config=None, module="keras.layers", **more):
    config = {"name": name.lower(), **(config or {})}
    return {
        "module": module,
        "class_name": name,
        "config": config,
        "registered_name": None,
        **more,
    }


def with_layer(*arguments, **options):
    """Zip a sound model with a layer more; a callable argument gets the folder."""
    return with_config(lambda config: layers_of(config).append(layer(*arguments, **options)))


def with_setting(index, **settings):
    """Zip a sound model with other settings of one of its five layers."""
    return with_config(lambda config: layers_of(config)[index]["config"].update(settings))


def without_weights(**settings):
    """Zip a sound model that has no weights yet, with other settings of its last layer."""

    def make(folder):
        def changes(folder):
            config = sound_config()
            layers_of(config)[4]["config"].update(settings)
            with h5py.File(folder / "weights.tmp", "w"):
                pass
            data = (folder / "weights.tmp").read_bytes()
            (folder / "weights.tmp").unlink()
            return {CONFIG: json.dumps(config), WEIGHTS: data}

        return with_parts(changes)(folder)

    return make


def bytecode(folder):
    """Return a Lambda's function that would leave a file among the canaries."""
    code = compile(f"open({str(folder.parent / 'canary' / 'sang')!r}, 'w')", "x", "eval")
    text = functools.reduce(lambda data, _: data, [marshal.dumps(code)]).hex()
    return {"class_name": "__lambda__", "config": {"code": text, "defaults": None, "closure": None}}


def with_bytecode(wrap):
    """Zip a sound model with a layer that `wrap` makes around a Lambda of bytecode."""
    return with_config(
        lambda config, folder: layers_of(config).append(
            wrap(layer("Lambda", {"function": bytecode(folder)}))
        )
    )


class _Payload:
    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return open, (self.target, "w")


def pickled(folder):
    return pickle.dumps(_Payload(folder.parent / "canary" / "sang"))


def with_pickle(folder):
    (folder / "model.pkl").write_bytes(pickled(folder))
    return folder / "model.pkl"


def with_pytorch(folder):
    with zipfile.ZipFile(folder / "model.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickled(folder))
        archive.writestr("archive/version", "3")
    return folder / "model.pt"


# Archives


def with_members(write, name=NAME):
    """Zip a sound model, and let `write` add to the open archive."""

    def make(folder):
        make_sound = with_parts({})
        path = make_sound(folder).rename(folder / name)
        with zipfile.ZipFile(path, "a") as archive:
            write(archive)
        return path

    return make


def symbolic_link(archive):
    member = zipfile.ZipInfo("assets/a/vocabulary.txt")
    member.external_attr = 0o120777 << 16
    archive.writestr(member, "../../secret.txt")


def with_patch(find, replace, offset=0):
    """Change bytes of a sound archive at every place where `find` stands."""

    def make(folder):
        data = bytearray(sound_keras())
        start = data.find(find)
        while start >= 0:
            data[start + offset : start + offset + len(replace)] = replace
            start = data.find(find, start + 1)
        (folder / NAME).write_bytes(data)
        return folder / NAME

    return make


def encrypted(folder):
    data = bytearray(sound_keras())
    start = data.find(b"PK\x01\x02")
    while start >= 0:
        data[start + 8] |= 1
        start = data.find(b"PK\x01\x02", start + 1)
    (folder / NAME).write_bytes(data)
    return folder / NAME


def long_directory(folder):
    data = sound_keras()
    end = data.rfind(b"PK\x05\x06")
    large = struct.pack("<I", 2**21)
    (folder / NAME).write_bytes(data[: end + 12] + large + data[end + 16 :])
    return folder / NAME


def doubled(levels):
    """Describe models that each call the one before twice."""
    inner = {**layer("MaxPooling2D"), "name": "m"}
    for level in range(levels):
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}
        node = {"args": [tensor], "kwargs": {}}
        inner["inbound_nodes"] = [node, node]
        inner = layer("Functional", {"layers": [inner]}, "keras.src.models.functional")
        inner["name"] = f"m{level}"
    return inner


# HDF5


def with_hdf5(edit, name="model.h5"):
    """Edit a sound HDF5 model in place."""

    def make(folder):
        (folder / name).write_bytes(sound_hdf5())
        with h5py.File(folder / name, "r+") as file:
            edit(file) if edit.__code__.co_argcount == 1 else edit(file, folder)
        return folder / name

    return make


def with_legacy(edit):
    """Edit the description inside a sound HDF5 model."""

    def change(file):
        config = json.loads(file.attrs["model_config"])
        edit(config)
        file.attrs["model_config"] = json.dumps(config)

    return with_hdf5(change)


def with_weights(edit):
    """Zip a sound model whose weights were edited."""

    def changes(folder):
        path = folder / "weights.tmp"
        path.write_bytes(sound_parts()[WEIGHTS])
        with h5py.File(path, "r+") as file:
            edit(file) if edit.__code__.co_argcount == 1 else edit(file, folder)
        data = path.read_bytes()
        path.unlink()
        return {WEIGHTS: data}

    return with_parts(changes)


def external_storage(file, folder):
    del file["layers/dense/vars/1"]
    place = [(str(folder / "secret.txt"), 0, 20)]
    file["layers/dense/vars"].create_dataset("1", (5,), "f4", external=place)


def virtual(file, folder):
    source = h5py.VirtualSource(str(folder / "other.h5"), "x", (5,))
    layout = h5py.VirtualLayout((5,), "f4")
    layout[:] = source
    file.create_virtual_dataset("v", layout)


def reference(file):
    file.create_dataset("r", data=file["layers"].ref, dtype=h5py.ref_dtype)


def unpacking_beyond(file):
    """Write a piece of 4 kB that unpacks to 64 MB."""
    made = file.create_dataset("b", (1024,), "f4", chunks=(1024,), compression="gzip")
    made.id.write_direct_chunk((0,), zlib.compress(bytes(2**26)))


def large_weights(file):
    repeated = np.repeat(np.random.default_rng(0).integers(0, 256, 2**18, np.uint8), 160)
    for name in "ab":
        file.create_dataset(name, data=repeated, compression="gzip", compression_opts=1)


def committed_type(file):
    file["t"] = np.dtype("f4")


def endless(folder):
    """Give a text in the heap a length of which HDF5 1.14 never finds the end."""
    data = sound_hdf5()
    start = data.find(b"small/dense/bias") - 8
    (folder / "model.h5").write_bytes(data[:start] + struct.pack("<Q", 190) + data[start + 8 :])
    return folder / "model.h5"


# Folders


def unpacked(folder, name="model"):
    target = folder / name
    target.mkdir()
    for member, data in sound_parts().items():
        (target / member).write_bytes(data)
    return target


def with_folder(edit):
    def make(folder):
        path = unpacked(folder)
        edit(path)
        return path

    return make


def linked(member, target):
    def edit(path):
        (path / member).unlink()
        (path / member).symlink_to(target)

    return with_folder(edit)


def with_special(name, create):
    """Make what is no file: `create` gets its path."""

    def make(folder):
        create(folder / name)
        return folder / name

    return make


def saved_model(path):
    path.mkdir()
    (path / "saved_model.pb").write_bytes(b"\x08\x01\x12\x00")
    (path / "variables").mkdir()


def sparse(path):
    path.write_bytes(sound_keras())
    os.truncate(path, 65 * 2**20)
