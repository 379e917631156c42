"""Which processor runs the network: what a person wishes, and what there is."""

from dataclasses import dataclass

AUTOMATIC = "auto"
CPU_KEY = "cpu"


@dataclass(frozen=True, slots=True)
class Device:
    """A processor that TensorFlow can use.

    Parameters
    ----------
    key
        As on the command line and in the settings: ``"cpu"`` or ``"gpu:N"``.
    name
        For a person, such as the name of the graphics card.
    """

    key: str
    name: str


CPU = Device(CPU_KEY, "CPU")


def is_device_wish(text: str) -> bool:
    """Whether a text is ``auto``, ``cpu`` or ``gpu:N``."""
    kind, _, number = text.partition(":")
    return text in (AUTOMATIC, CPU_KEY) or (kind == "gpu" and number.isdecimal())


def chosen_device(wish: str, devices: tuple[Device, ...]) -> tuple[Device, str]:
    """Return the device to use, and a sentence where it is not the one that was wished for.

    By itself, the first graphics card is used, and the CPU where there is none.
    """
    for device in devices:
        if device.key == wish:
            return device, ""
    graphics = (device for device in devices if device.key.startswith("gpu"))
    used = next(graphics, devices[0])
    if wish == AUTOMATIC:
        return used, ""
    return used, f"There is no device {wish}: {used.name} is used."


def numbered(kind: str, names: list[str]) -> tuple[Device, ...]:
    """Return the devices of a kind in their order; a name that comes twice gets its number."""
    return tuple(
        Device(f"{kind}:{number}", f"{name} ({number})" if names.count(name) > 1 else name)
        for number, name in enumerate(names)
    )
