"""Every kind of hostile or broken model file, with the exact sentence that a person gets."""

import io
import json
import os
import tarfile
import zipfile

import h5py
import numpy as np

from poolviewer.core.errors import ModelRefused, ModelUnchecked
from tests import media
from tests.model import hostile_files as make
from tests.model.hostile_files import layer, layers_of

BUDGET = 64 * 2**20

OWN = "PoolViewer opens Sequential and Functional models made of Keras’s own layers."
WITHOUT = "build the model without it and save it again."
AGAIN = "Keras writes no such file, save the model again with Keras."
DAMAGED = "is damaged: save or fetch it again."
CUT_OFF = "is cut off before its end: save or fetch it again."
LAMBDA = f"holds a Lambda layer, which runs Python code from the file: {WITHOUT}"
FUNCTION = (
    f"which is not one of Keras’s activations, initializers, regularizers or constraints: {WITHOUT}"
)
CONVERT = (
    "load it where it was made and save it with model.save(…) under a name that ends in .keras."
)
SAVED_MODEL = (
    "is a SavedModel, which is a program and could do anything: open it in Keras 2 and save it "
    "with model.save(…) under a name that ends in .keras."
)
PICTURE = "is a picture: open it as a source."
VIDEO = "is a video: open it as a source."
ARCHIVE = "archive: unpack it and open the model inside."
WEB_PAGE = "is a web page: fetch the file itself, not the page about it."
WEIGHTS_ALONE = (
    "holds weights alone, without the network they belong to: "
    "save the whole model with model.save(…)."
)
NO_KERAS = "is no Keras model: choose a .keras or an HDF5 file."
TOO_LARGE = "raise the limit or choose a smaller model."
TENSOR = {"class_name": "__keras_tensor__", "config": {"keras_history": ["conv", 0, 0]}}


def other(name, sentence, data):
    """Describe a file of another kind than a Keras model."""
    return make.with_bytes(name, data), sentence


def wrapped(name, **more):
    return lambda inner: layer(name, {"layer": inner, **more})


def nested(inner):
    return layer("Functional", {"layers": [inner]}, "keras.src.models.functional")


def set_config(**values):
    return make.with_config(lambda config: config.update(values))


def with_foreign(module, name, registered=None):
    return make.with_layer(name, module=module, registered_name=registered)


def with_function(name, module="builtins"):
    value = {"module": module, "class_name": "function", "config": name}
    return make.with_setting(1, activation=value)


def in_config(text):
    """Write the description as it stands."""
    return make.with_parts({make.CONFIG: text})


def zip_of(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return packed.getvalue()


def tar_of():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("model.keras"))
    return packed.getvalue()


def weights_only():
    return make.sound_parts()[make.WEIGHTS]


def legacy_weights_only(file):
    del file.attrs["model_config"]
    file.attrs["layer_names"] = np.array([b"conv"])


def other_hdf5(folder):
    with h5py.File(folder / "model.h5", "w") as file:
        file["a"] = [1]
    return folder / "model.h5"


def many_members(archive):
    for number in range(1001):
        archive.writestr(f"notes/{number}", b"")


def lying(file):
    made = file.create_dataset("b", (2**23,), "f4", chunks=(2**20,))
    made[:4] = 1


# Name: maker, the sentence behind the file's name.
CLASSES = {
    "Lambda of bytecode": (make.with_bytecode(lambda inner: inner), LAMBDA),
    "Lambda of a Keras function": (make.with_layer("Lambda", {"function": "print"}), LAMBDA),
    "Lambda in a wrapper": (make.with_bytecode(wrapped("TimeDistributed")), LAMBDA),
    "Lambda in two directions": (make.with_bytecode(wrapped("Bidirectional")), LAMBDA),
    "Lambda in a nested model": (make.with_bytecode(nested), LAMBDA),
    "Lambda in a list of layers": (
        make.with_bytecode(lambda inner: layer("Pipeline", {"layers": [inner]})),
        LAMBDA,
    ),
    "Lambda under an unknown key": (
        make.with_bytecode(lambda inner: layer("ReLU", {"x": {"y": [[inner]]}})),
        LAMBDA,
    ),
    "Lambda as settings of building": (
        make.with_bytecode(lambda inner: layer("ReLU", build_config={"input_shape": inner})),
        LAMBDA,
    ),
    "bytecode as activation": (
        make.with_config(
            lambda config, folder: layers_of(config)[1]["config"].update(
                activation=make.bytecode(folder)
            )
        ),
        LAMBDA,
    ),
    "TFSMLayer": (
        make.with_layer("TFSMLayer", {"filepath": "secret.txt"}),
        f"holds a TFSMLayer, which runs another program: {WITHOUT}",
    ),
    "TorchModuleWrapper": (
        make.with_layer("TorchModuleWrapper"),
        f"holds a TorchModuleWrapper, which runs Python code from the file: {WITHOUT}",
    ),
    "JaxLayer": (
        make.with_layer("JaxLayer"),
        f"holds a JaxLayer, which runs Python code from the file: {WITHOUT}",
    ),
    "FlaxLayer": (
        make.with_layer("FlaxLayer"),
        f"holds a FlaxLayer, which runs Python code from the file: {WITHOUT}",
    ),
    "TFOpLambda": (
        make.with_layer("TFOpLambda"),
        f"holds a TFOpLambda of Keras 2, which Keras 3 cannot open: {WITHOUT}",
    ),
    "layer of one's own": (with_foreign(None, "Mine", "x>Mine"), f"holds the class “Mine”: {OWN}"),
    "subclassed model": (
        set_config(module=None, class_name="MyModel", registered_name="MyModel"),
        f"holds the class “MyModel”: {OWN}",
    ),
    "os.system": (with_foreign("os", "system"), f"holds the class “system” of “os”: {OWN}"),
    "module beside Keras": (
        with_foreign("keras_hub.layers", "Evil"),
        f"holds the class “Evil” of “keras_hub.layers”: {OWN}",
    ),
    "module that begins like Keras": (
        with_foreign("kerasx", "Dense"),
        f"holds the class “Dense” of “kerasx”: {OWN}",
    ),
    "tool of Keras": (
        with_foreign("keras.utils", "FeatureSpace"),
        f"holds the class “keras.utils.FeatureSpace”, which PoolViewer does not open: {WITHOUT}",
    ),
    "callback": (
        with_foreign("keras.callbacks", "ModelCheckpoint"),
        "holds the class “keras.callbacks.ModelCheckpoint”, which PoolViewer does not open: "
        f"{WITHOUT}",
    ),
    "inner module of Keras": (
        with_foreign("keras.src.layers.core.lambda_layer", "Dense"),
        "holds the class “keras.src.layers.core.lambda_layer.Dense”, which PoolViewer does not "
        f"open: {WITHOUT}",
    ),
    "operation that takes functions": (
        with_foreign("keras.src.ops.core", "WhileLoop"),
        "holds the class “keras.src.ops.core.WhileLoop”, which PoolViewer does not open: "
        f"{WITHOUT}",
    ),
    "another class registered": (
        with_foreign("keras.layers", "Dense", "evil>Dense"),
        f"holds the class “evil>Dense” in place of Dense: {OWN}",
    ),
    "class without a module": (
        make.with_config(lambda c: layers_of(c).append({"class_name": "Mine", "config": {}})),
        f"holds the class “Mine”: {OWN}",
    ),
    "class whose name is a list": (
        make.with_config(lambda c: layers_of(c).append({"class_name": ["Dense"], "config": {}})),
        "has a class without a name: save or fetch it again.",
    ),
    "name that is long and odd": (
        with_foreign(None, "<b>\n" + "x" * 100),
        f"holds the class “<b>\N{REPLACEMENT CHARACTER}{'x' * 56}…”: {OWN}",
    ),
    "type specification": (
        make.with_setting(1, x={"class_name": "__typespec__", "config": []}),
        f"holds the class “__typespec__”: {OWN}",
    ),
    "layer alone": (
        set_config(module="keras.layers", class_name="Dense"),
        f"holds no whole network: {OWN}",
    ),
    "network without layers": (set_config(config={}), f"does not list its layers: {OWN}"),
    "eval": (with_function("eval"), f"names the function “eval”, {FUNCTION}"),
    "get_file": (
        with_function("get_file", "keras.utils"),
        f"names the function “get_file”, {FUNCTION}",
    ),
    "activation in another module": (
        with_function("relu", "os.path"),
        f"names the function “relu”, {FUNCTION}",
    ),
    "unknown activation": (
        make.with_setting(1, activation="my_act"),
        f"names the function “my_act”, {FUNCTION}",
    ),
    "unknown initializer": (
        make.with_setting(1, kernel_initializer="__import__"),
        f"names the function “__import__”, {FUNCTION}",
    ),
    "words in another file": (
        make.with_layer("StringLookup", {"vocabulary": "secret.txt"}),
        "reads the file “secret.txt”: keep its words inside the model.",
    ),
    "splitting by a function": (
        make.with_layer("TextVectorization", {"split": {"class_name": "function", "config": "f"}}),
        f"names the function “f”, {FUNCTION}",
    ),
    "data type of a thousand million bytes": (
        make.with_setting(
            1, x={"class_name": "__numpy__", "config": {"value": [1], "dtype": "S1000000000"}}
        ),
        "has the data type “S1000000000”, which Keras does not have: correct it.",
    ),
    "call on nothing": (
        make.with_layer(
            "Repeat",
            {"repeats": 9},
            "keras.src.ops.numpy",
            inbound_nodes=[{"args": [[1]], "kwargs": {}}],
        ),
        f"calls a layer on nothing that another layer gives: {WITHOUT}",
    ),
    "Lambda in HDF5": (
        make.with_legacy(lambda c: layers_of(c).append({"class_name": "Lambda", "config": {}})),
        LAMBDA,
    ),
    "class of one's own in HDF5": (
        make.with_legacy(lambda c: layers_of(c).append({"class_name": "Mine", "config": {}})),
        f"holds the class “Mine”: {OWN}",
    ),
    "operation in HDF5": (
        make.with_legacy(lambda c: layers_of(c).append({"class_name": "GetItem", "config": {}})),
        "holds “GetItem”, which HDF5 files cannot bring back: "
        "save the model under a name that ends in .keras.",
    ),
}

WORK = {
    "Dense of 10**9": (
        make.with_setting(4, units=10**9),
        "asks for units=1,000,000,000 and its weights hold 36 at most: save or fetch it again.",
    ),
    "Conv2D of 10**9": (
        make.with_setting(1, filters=10**9),
        "asks for filters=1,000,000,000 and its weights hold 36 at most: save or fetch it again.",
    ),
    "Embedding of 10**9": (
        make.with_layer("Embedding", {"input_dim": 10**9, "output_dim": 2}),
        "asks for input_dim=1,000,000,000 and its weights hold 36 at most: save or fetch it again.",
    ),
    "Dense after a large picture": (
        make.with_setting(0, batch_shape=[None, 4096, 4096, 3]),
        "needs 319.7 MB for its weights and holds 1.2 kB: save or fetch it again.",
    ),
    "built for a wide input": (
        make.with_config(
            lambda config: layers_of(config)[4].update(build_config={"input_shape": [None, 10**7]})
        ),
        "needs 190.7 MB for its weights and holds 1.2 kB: save or fetch it again.",
    ),
    "nested in two directions": (
        make.with_layer(
            "Bidirectional",
            {"layer": layer("LSTM", {"units": 36}, build_config={"input_shape": [None, 9, 10**6]})},
        ),
        "needs 1.1 GB for its weights and holds 1.2 kB: save or fetch it again.",
    ),
    "Dense of 10**9 in a network without weights": (
        make.without_weights(units=10**9),
        "needs 137.8 GB for its weights and the memory that may be used is 64 MB: "
        "raise the limit or choose a smaller model.",
    ),
    "Dense of 10**9 in HDF5": (
        make.with_legacy(lambda config: layers_of(config)[4]["config"].update(units=10**9)),
        "asks for units=1,000,000,000 and its weights hold 36 at most: save or fetch it again.",
    ),
    "large kernel": (
        make.with_setting(1, kernel_size=[10**6, 3]),
        "has kernel_size=1,000,000 and the limit is 65,536: correct it.",
    ),
    "large pool": (
        make.with_setting(2, pool_size=10**6),
        "has pool_size=1,000,000 and the limit is 65,536: correct it.",
    ),
    "large padding": (
        make.with_layer("ZeroPadding2D", {"padding": [[0, 10**8], [0, 0]]}),
        "has padding=100,000,000 and the limit is 65,536: correct it.",
    ),
    "large up-sampling": (
        make.with_layer("UpSampling2D", {"size": [5000, 1]}),
        "has size=5,000 and the limit is 4,096: correct it.",
    ),
    "large input": (
        make.with_setting(0, batch_shape=[None, 10**8, 8, 3]),
        "has batch_shape=100,000,000 and the limit is 16,777,216: correct it.",
    ),
    "a thousand million parts": (
        make.with_layer("Split", {"indices_or_sections": 10**9}, "keras.src.ops.numpy"),
        "has indices_or_sections=1,000,000,000 and the limit is 65,536: correct it.",
    ),
    "a million augmentations": (
        make.with_layer("RandAugment", {"num_ops": 10**6}),
        "has num_ops=1,000,000 and the limit is 64: correct it.",
    ),
    "too many layers": (
        make.with_config(lambda c: layers_of(c).extend([layer("ReLU")] * 5000)),
        "has 5,005 layers and the limit is 5,000: simplify it.",
    ),
    "calls that multiply": (
        make.with_config(lambda c: layers_of(c).append(make.doubled(30))),
        "has 1,073,741,829 calls of layers and the limit is 10,000: simplify it.",
    ),
    "number of 5,000 digits": (
        in_config('{"a": ' + "9" * 5000 + "}"),
        f"holds the number “{'9' * 60}…”, which is too large: correct it.",
    ),
}

TEXTS = {
    "name given twice": (
        in_config('{"class_name": "Sequential", "class_name": "Lambda"}'),
        "gives “class_name” twice in one place: save it again with Keras.",
    ),
    "no UTF-8": (
        in_config(b'{"a": "\xff"}'),
        "has a damaged config.json: save or fetch it again.",
    ),
    "no JSON": (in_config("{'a': 1}"), "has a damaged config.json: save or fetch it again."),
    "no object": (in_config("[]"), "has a damaged config.json: save or fetch it again."),
    "deep lists": (
        in_config('{"a": ' + "[" * 10**5 + "]" * 10**5 + "}"),
        "has a config.json nested too deeply: simplify the network.",
    ),
    "lists deeper than a model is": (
        in_config('{"a": ' + "[" * 200 + "]" * 200 + "}"),
        "has a config.json nested too deeply: simplify the network.",
    ),
    "a million lists": (
        in_config('{"a": [' + "[]," * 10**6 + "0]}"),
        "has more than 500,000 entries in its config.json: simplify the network.",
    ),
    "description of 17 MB": (
        in_config('{"a": "' + "x" * 17 * 2**20 + '"}'),
        "has 17 MB of “config.json” and the limit is 16 MB: simplify it.",
    ),
    "damaged metadata": (
        make.with_parts({make.METADATA: "3.15"}),
        "has a damaged metadata.json: save or fetch it again.",
    ),
    "damaged description in HDF5": (
        make.with_hdf5(lambda file: file.attrs.__setitem__("model_config", "{")),
        "has a damaged model_config: save or fetch it again.",
    ),
    "description in HDF5 that is a number": (
        make.with_hdf5(lambda file: file.attrs.__setitem__("model_config", 7)),
        DAMAGED,
    ),
}

ARCHIVES = {
    "member given twice": (
        make.with_members(lambda archive: archive.writestr(make.CONFIG, "{}")),
        f"holds “config.json” twice: {AGAIN}",
    ),
    "member that climbs": (
        make.with_members(lambda archive: archive.writestr("assets/../../canary/x", "x")),
        f"holds “assets/../../canary/x”, which leads out of it: {AGAIN}",
    ),
    "absolute member": (
        make.with_members(lambda archive: archive.writestr("/tmp/x", "x")),
        f"holds “/tmp/x”, which leads out of it: {AGAIN}",
    ),
    "member on a drive": (
        make.with_members(lambda archive: archive.writestr("c:\\x", "x")),
        f"holds “c:\\x”, which leads out of it: {AGAIN}",
    ),
    "link": (
        make.with_members(make.symbolic_link),
        f"holds “assets/a/vocabulary.txt”, which is a link or a device: {AGAIN}",
    ),
    "encrypted": (
        make.encrypted,
        "is encrypted: unpack it with its password and save the model again.",
    ),
    "packed by bzip2": (
        make.with_parts({}, zipfile.ZIP_BZIP2),
        f"packs “metadata.json” in a way that is not known: {AGAIN}",
    ),
    "wrong checksum": (make.with_patch(b'"class_name"', b"'", 0), DAMAGED),
    "weights that unpack to 200 MB": (
        make.with_parts({make.WEIGHTS: bytes(200 * 2**20)}, zipfile.ZIP_DEFLATED),
        f"unpacks from 199.9 kB to 200 MB: {AGAIN}",
    ),
    "words that unpack to 100 MB": (
        make.with_parts({"assets/a/vocabulary.txt": bytes(10**8)}, zipfile.ZIP_DEFLATED),
        "has 95.4 MB of “assets/a/vocabulary.txt” and the limit is 16 MB: simplify it.",
    ),
    "a thousand members": (
        make.with_members(many_members),
        f"holds 1,004 members: {AGAIN}",
    ),
    "long list of members": (make.long_directory, f"lists 2 MB of members: {AGAIN}"),
    "no description": (
        make.with_parts({make.CONFIG: None}),
        "is an archive without a Keras model: choose a .keras or an HDF5 file.",
    ),
    "no weights": (
        make.with_parts({make.WEIGHTS: None}),
        "has no weights (model.weights.h5) in it: save it again with model.save(…).",
    ),
    "weights of NumPy": (
        make.with_parts({make.WEIGHTS: None, "model.weights.npz": b"PK"}),
        "keeps its weights as NumPy arrays: save it again with weights_format='h5'.",
    ),
    "folder inside": (
        other("model.zip", "", zip_of(m__config="{}"))[0],
        "is an archive without a Keras model: choose a .keras or an HDF5 file.",
    ),
    "half a zip": (
        make.with_bytes(make.NAME, lambda: make.sound_keras()[:4000]),
        CUT_OFF,
    ),
    "zip signature only": (make.with_bytes(make.NAME, b"PK\x03\x04"), CUT_OFF),
    "empty zip": (
        make.with_bytes(make.NAME, zip_of()),
        "is an empty ZIP archive: save the model again.",
    ),
    "PyTorch": (make.with_pytorch, f"is a PyTorch model: convert it to Keras, or {CONVERT}"),
    "weights that are no HDF5": (make.with_parts({make.WEIGHTS: b"weights"}), DAMAGED),
}

HDF5 = {
    "external link": (
        make.with_weights(
            lambda file, folder: file["layers"].__setitem__(
                "x", h5py.ExternalLink(str(folder / "secret.txt"), "/")
            )
        ),
        f"holds a link to another place, “x”: {AGAIN}",
    ),
    "soft link": (
        make.with_weights(lambda file: file.__setitem__("x", h5py.SoftLink("/layers"))),
        f"holds a link to another place, “x”: {AGAIN}",
    ),
    "external link in a whole model": (
        make.with_hdf5(
            lambda file, folder: file["model_weights"].__setitem__(
                "x", h5py.ExternalLink(str(folder / "secret.txt"), "/")
            )
        ),
        f"holds a link to another place, “x”: {AGAIN}",
    ),
    "external storage": (
        make.with_weights(make.external_storage),
        f"keeps “layers/dense/vars/1” in another file: {AGAIN}",
    ),
    "virtual array": (
        make.with_weights(make.virtual),
        f"keeps “v” in another file: {AGAIN}",
    ),
    "circle": (
        make.with_weights(lambda file: file["layers"].__setitem__("x", file["layers"])),
        f"holds one part under two names: {AGAIN}",
    ),
    "committed type": (
        make.with_weights(make.committed_type),
        f"holds “t”, which is no array: {AGAIN}",
    ),
    "array of structures": (
        make.with_weights(lambda file: file.create_dataset("c", (3,), [("a", "f4")])),
        f"has “c”, which holds no numbers: {AGAIN}",
    ),
    "array of texts": (
        make.with_weights(lambda file: file.create_dataset("c", data=["a", "b"])),
        f"has “c”, which holds no numbers: {AGAIN}",
    ),
    "array of references": (
        make.with_weights(make.reference),
        f"has “r”, which holds no numbers: {AGAIN}",
    ),
    "more declared than held": (
        make.with_weights(lying),
        "declares 32 MB for “b” and holds 4 MB: save or fetch it again.",
    ),
    "packed a million times": (
        make.with_weights(
            lambda file: file.create_dataset("b", (2**34,), "f4", chunks=True, compression="gzip")
        ),
        "declares 64 GB for “b” and holds 0 bytes: save or fetch it again.",
    ),
    "piece that unpacks to 64 MB": (
        make.with_weights(make.unpacking_beyond),
        f"packs more into “b” than it declares: {AGAIN}",
    ),
    "large pieces": (
        make.with_weights(
            lambda file: file.create_dataset(
                "b", (1,), "f4", chunks=(2**28,), maxshape=(None,), compression="gzip"
            )
        ),
        f"has “b” in pieces of 1 GB: {AGAIN}",
    ),
    "unknown packing": (
        make.with_weights(
            lambda file: file.create_dataset("b", (9,), "i4", chunks=(9,), scaleoffset=0)
        ),
        f"packs “b” in a way that is not known: {AGAIN}",
    ),
    "more weights than memory": (
        make.with_weights(make.large_weights),
        f"has weights of more than 64 MB, which is the memory that may be used: {TOO_LARGE}",
    ),
    "half an HDF5 file": (
        make.with_bytes("model.h5", lambda: make.sound_hdf5()[:5000]),
        CUT_OFF,
    ),
    "HDF5 signature and noise": (
        make.with_bytes("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(range(256))),
        DAMAGED,
    ),
    "HDF5 signature only": (make.with_bytes("model.h5", b"\x89HDF\r\n\x1a\n"), DAMAGED),
    "HDF5 file that is never read to its end": (make.endless, DAMAGED),
    "weights alone": (make.with_bytes("m.weights.h5", weights_only), WEIGHTS_ALONE),
    "weights alone of Keras 2": (make.with_hdf5(legacy_weights_only), WEIGHTS_ALONE),
    "HDF5 without a model": (
        other_hdf5,
        "is an HDF5 file without a Keras model: choose a model saved with model.save(…).",
    ),
    "HDF5 model without weights": (
        make.with_hdf5(lambda file: file.__delitem__("model_weights")),
        "has no weights in it: save it again with model.save(…).",
    ),
    "bfloat16 in HDF5": (
        make.with_hdf5(
            lambda file: file["model_weights"].create_dataset("b", data=np.array([b"ab"], "V2"))
        ),
        "holds bfloat16 weights, which HDF5 files cannot bring back: "
        "save the model under a name that ends in .keras.",
    ),
}

OTHERS = {
    "nothing": other(make.NAME, "is empty: save or fetch it again.", b""),
    "text": other(make.NAME, NO_KERAS, b"Dear diary,\n"),
    "noise": other(make.NAME, NO_KERAS, bytes(range(255, -1, -1)) * 9),
    "web page": other(make.NAME, WEB_PAGE, media.WEB_PAGE),
    "git-LFS": other(
        make.NAME,
        "is a git-LFS pointer: run “git lfs pull” to fetch the model.",
        media.GIT_LFS,
    ),
    "description alone": other(
        "model.json",
        "is the description of a network alone, in JSON: save the whole model with model.save(…).",
        lambda: json.dumps(make.sound_config()).encode(),
    ),
    "saved view": other(
        "a.poolview",
        "is a saved view: open it as a source, without a model.",
        b'{"poolview":1,"poolviewer":"0.1.0"}',
    ),
    "PNG": other("a.png", PICTURE, lambda: media.encoded(".png")),
    "JPEG": other(make.NAME, PICTURE, lambda: media.encoded(".jpg")),
    "WebP": other(make.NAME, PICTURE, lambda: media.encoded(".webp")),
    "MP4": other("a.mp4", VIDEO, b"\0\0\0\x18ftypisom"),
    "gzip": other(make.NAME, f"is a gzip {ARCHIVE}", b"\x1f\x8b\x08\0"),
    "tar": other("model.tar", f"is a tar {ARCHIVE}", tar_of()),
    "7-Zip": other("model.7z", f"is a 7-Zip {ARCHIVE}", b"7z\xbc\xaf'\x1c\0\4"),
    "RAR": other("model.rar", f"is a RAR {ARCHIVE}", b"Rar!\x1a\x07\x01\0"),
    "pickle": (
        make.with_pickle,
        f"is a Python pickle, which could run any program: {CONVERT}",
    ),
    "TensorFlow Lite": other(
        "model.tflite",
        f"is a TensorFlow Lite model, which cannot show its layers: {CONVERT}",
        b"\x1c\0\0\0TFL3" + bytes(20),
    ),
    "ONNX": other(
        "model.onnx",
        f"is an ONNX model: convert it to Keras, or {CONVERT}",
        b"\x08\x07\x12\x07pytorch",
    ),
    "file of a SavedModel": other("saved_model.pb", SAVED_MODEL, b"\x08\x01\x12\xff\x01"),
    "safetensors": other(
        "model.safetensors",
        "is a safetensors file of weights alone: PoolViewer opens whole Keras models.",
        b'\x02\0\0\0\0\0\0\0{"}',
    ),
    "NumPy": other(
        "a.npy", "is a NumPy array: PoolViewer opens whole Keras models.", b"\x93NUMPY\1\0"
    ),
    "larger than memory": (
        make.with_special(make.NAME, make.sparse),
        f"is 65 MB and the memory that may be used is 64 MB: {TOO_LARGE}",
    ),
    "SavedModel": (make.with_special("model", make.saved_model), SAVED_MODEL),
    "folder of nothing": (
        make.with_special("model", os.mkdir),
        "is a folder without a Keras model: choose a .keras file, an HDF5 file or a folder with "
        "config.json in it.",
    ),
    "folder without weights": (
        make.with_folder(lambda path: (path / make.WEIGHTS).unlink()),
        "has no weights (model.weights.h5) in it: save it again with model.save(…).",
    ),
    "folder with a link": (
        make.linked(make.CONFIG, "../secret.txt"),
        "holds “config.json”, which is a link or a device: copy what it names.",
    ),
    "folder with linked words": (
        make.with_folder(lambda path: (path / "assets").symlink_to("..")),
        "holds “assets”, which is a link or a device: copy what it names.",
    ),
    "folder with a pipe": (
        make.with_folder(
            lambda path: ((path / make.METADATA).unlink(), os.mkfifo(path / make.METADATA))
        ),
        "holds “metadata.json”, which is a link or a device: copy what it names.",
    ),
}

UNCHECKED = {
    "missing": (
        make.with_special(make.NAME, lambda path: None),
        "does not exist: check its name and folder.",
    ),
    "link to nothing": (
        make.with_special(make.NAME, lambda path: path.symlink_to("none")),
        "does not exist: check its name and folder.",
    ),
    "pipe": (make.with_special(make.NAME, os.mkfifo), "is a pipe or a device: choose a file."),
    "device": (
        make.with_special(make.NAME, lambda path: path.symlink_to("/dev/zero")),
        "is a pipe or a device: choose a file.",
    ),
}

REFUSED = {**CLASSES, **WORK, **TEXTS, **ARCHIVES, **HDF5, **OTHERS}
CASES = {name: (*case, ModelRefused) for name, case in REFUSED.items()} | {
    name: (*case, ModelUnchecked) for name, case in UNCHECKED.items()
}
