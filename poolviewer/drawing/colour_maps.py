"""The three colour maps: what shade 0 to 255 looks like."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.display import ColourMapName

# Viridis by Nathaniel J. Smith, Stefan van der Walt and Eric Firing, CC0.
VIRIDIS = (
    "44015444025645045745055946075A46085C460A5D460B5E470D60470E61471063471164471365481467481668"
    "48176948186A481A6C481B6D481C6E481D6F481F70482071482173482374482475482576482677482878482979"
    "472A7A472C7A472D7B472E7C472F7D46307E46327E46337F463480453581453781453882443983443A83443B84"
    "433D84433E85423F854240864241864142874144874045884046883F47883F48893E49893E4A893E4C8A3D4D8A"
    "3D4E8A3C4F8A3C508B3B518B3B528B3A538B3A548C39558C39568C38588C38598C375A8C375B8D365C8D365D8D"
    "355E8D355F8D34608D34618D33628D33638D32648E32658E31668E31678E31688E30698E306A8E2F6B8E2F6C8E"
    "2E6D8E2E6E8E2E6F8E2D708E2D718E2C718E2C728E2C738E2B748E2B758E2A768E2A778E2A788E29798E297A8E"
    "297B8E287C8E287D8E277E8E277F8E27808E26818E26828E26828E25838E25848E25858E24868E24878E23888E"
    "23898E238A8D228B8D228C8D228D8D218E8D218F8D21908D21918C20928C20928C20938C1F948C1F958B1F968B"
    "1F978B1F988B1F998A1F9A8A1E9B8A1E9C891E9D891F9E891F9F881FA0881FA1881FA1871FA28720A38620A486"
    "21A58521A68522A78522A88423A98324AA8325AB8225AC8226AD8127AD8128AE8029AF7F2AB07F2CB17E2DB27D"
    "2EB37C2FB47C31B57B32B67A34B67935B77937B87838B9773ABA763BBB753DBC743FBC7340BD7242BE7144BF70"
    "46C06F48C16E4AC16D4CC26C4EC36B50C46A52C56954C56856C66758C7655AC8645CC8635EC96260CA6063CB5F"
    "65CB5E67CC5C69CD5B6CCD5A6ECE5870CF5773D05675D05477D1537AD1517CD2507FD34E81D34D84D44B86D549"
    "89D5488BD6468ED64590D74393D74195D84098D83E9BD93C9DD93BA0DA39A2DA37A5DB36A8DB34AADC32ADDC30"
    "B0DD2FB2DD2DB5DE2BB8DE29BADE28BDDF26C0DF25C2DF23C5E021C8E020CAE11FCDE11DD0E11CD2E21BD5E21A"
    "D8E219DAE319DDE318DFE318E2E418E5E419E7E419EAE51AECE51BEFE51CF1E51DF4E61EF6E620F8E621FBE723"
    "FDE725"
)
# PRGn by Cynthia Brewer: purple below, green above; neither is a colour of the annotation.
PURPLE_GREEN = "40004B762A839970ABC2A5CFE7D4E8F7F7F7D9F0D3A6DBA05AAE611B783700441B"


@cache
def colour_values(name: ColourMapName) -> NDArray[np.uint8]:
    """Return a colour map as read-only uint8 of shape (256, 3), RGB."""
    if name == "viridis":
        values = _of_hex(VIRIDIS)
    elif name == "diverging":
        values = _diverging()
    else:
        values = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1)
    values.flags.writeable = False
    return values


@cache
def colour_table(name: ColourMapName) -> tuple[int, ...]:
    """Return a colour map as 256 numbers ``0xFFRRGGBB``, as `QImage.setColorTable` takes them."""
    red, green, blue = colour_values(name).astype(np.uint32).T
    return tuple(int(argb) for argb in 0xFF000000 | red << 16 | green << 8 | blue)


@cache
def dark_shades(name: ColourMapName) -> NDArray[np.bool_]:
    """Return, for each of the 256 shades, whether white stands out on it more than black."""
    values = are_dark(colour_values(name))
    values.flags.writeable = False
    return values


def are_dark(rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return whether white stands out on RGB colours (..., 3) more than black does (WCAG 2.2)."""
    linear = _LINEAR[rgb]
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    return np.asarray(luminance < 0.1791, dtype=np.bool_)


def _of_hex(text: str) -> NDArray[np.uint8]:
    return np.array(list(bytes.fromhex(text)), dtype=np.uint8).reshape(-1, 3)


def _diverging() -> NDArray[np.uint8]:
    """Interpolate between the anchors; shades 127 and 128 are both the neutral middle."""
    anchors = _of_hex(PURPLE_GREEN)
    middle = (len(anchors) - 1) / 2
    from_middle = np.arange(256) - 127.5
    reach = np.maximum(np.abs(from_middle) - 0.5, 0) / 127
    positions = middle * (1 + np.sign(from_middle) * reach)
    channels = [np.interp(positions, np.arange(len(anchors)), channel) for channel in anchors.T]
    shades: NDArray[np.float64] = np.rint(np.stack(channels, axis=1))
    return shades.astype(np.uint8)


def _linear_light() -> NDArray[np.float32]:
    level = np.arange(256) / 255
    light = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


_LINEAR = _linear_light()
