"""Models as a person has them in memory: with what no file from strangers may hold."""

import keras


@keras.saving.register_keras_serializable("tests")
class Doubling(keras.layers.Layer):
    """A layer of one's own."""

    def call(self, values):
        return values * 2


def small_model(*middle, pool=None, name="small"):
    """Return a trained person's model: one convolution, some layers, one pooling, a head."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((20, 24, 3)),
            keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
            *middle,
            pool or keras.layers.MaxPooling2D(name="pool"),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ],
        name=name,
    )


def maps_of(model, values, layer="pool"):
    """Return what enters and leaves a layer, as Keras itself has it."""
    part = model.get_layer(layer)
    watched = keras.Model(model.inputs, [part.input, part.output])
    return [keras.ops.convert_to_numpy(maps)[0] for maps in watched([values[None]])]
