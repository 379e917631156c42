"""TensorFlow's devices: the CPU, and graphics cards where it sees some that work."""

import tensorflow as tf

from poolviewer.core.device import CPU, Device, numbered

UNUSABLE = (
    "There is a graphics card that TensorFlow cannot use, so the CPU is used: bring the card's "
    "driver up to date if it should be."
)


def start_devices() -> None:
    """Let a graphics card's memory grow as needed, and start the devices.

    Must come before TensorFlow computes anything. A card that cannot be started is left out.
    Products are those of float32 on every device: newer cards would round them to three digits.
    """
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        for device in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(device, True)
        tf.config.list_logical_devices()
    except (RuntimeError, ValueError, tf.errors.OpError):
        tf.config.set_visible_devices([], "GPU")
        tf.config.list_logical_devices()


def present_devices() -> tuple[Device, ...]:
    """Return the devices that can be used: the CPU, then every graphics card."""
    cards = tf.config.get_visible_devices("GPU")
    names = [
        tf.config.experimental.get_device_details(card).get("device_name", "Graphics card")
        for card in cards
    ]
    return CPU, *numbered("gpu", names)


def trouble() -> str:
    """Say in one sentence that a graphics card is there and was left out; empty if not."""
    has_card = tf.config.list_physical_devices("GPU")
    return UNUSABLE if has_card and not tf.config.get_visible_devices("GPU") else ""


def path_of(device: Device) -> str:
    """Return a device's name as `tf.device` takes it."""
    kind, _, number = device.key.partition(":")
    return f"/{kind.upper()}:{number or 0}"
