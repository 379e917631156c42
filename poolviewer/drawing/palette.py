"""The colours of the annotation, the two themes, and the grid that everything is aligned to."""

from dataclasses import dataclass
from typing import Literal

from poolviewer.core.annotation import Role

ThemeName = Literal["light", "dark"]

SPACING = 8
HALO = "#14161A"

# Okabe and Ito (2008), told apart by colour-blind eyes as well.
ROLE_COLOURS: dict[Role, str] = {
    Role.WINDOW: "#E69F00",
    Role.WINNER: "#D55E00",
    Role.FIELD: "#56B4E9",
    Role.PIXEL: "#FFFFFF",
    Role.PINNED: "#F0E442",
    Role.EDITED: "#CC79A7",
    Role.FLIPPED: "#009E73",
    Role.SECOND: "#A970FF",
}

# The blue that no role has, and others that are no role's either; every step has a number, too.
STEP_COLOURS = ("#0072B2", "#9CA3FF", "#7CE0C3", "#F3C6DF", "#A6761D", "#B5D334")


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of the window and of a figure, as ``#RRGGBB``.

    Parameters
    ----------
    background, surface, raised
        Behind everything, behind maps and panels, and behind what stands on a panel.
    text, muted, accent, error, warning
        Each readable (4.5 to 1) on background, surface and raised.
    border
        Hairlines between areas.
    on_accent
        Text on a ground of the accent colour.
    """

    name: ThemeName
    background: str
    surface: str
    raised: str
    text: str
    muted: str
    border: str
    accent: str
    on_accent: str
    error: str
    warning: str


LIGHT = Theme(
    name="light",
    background="#FFFFFF",
    surface="#F4F5F7",
    raised="#E9EBEF",
    text="#1B1F24",
    muted="#545C66",
    border="#CBD0D8",
    accent="#5546B8",
    on_accent="#FFFFFF",
    error="#B3261E",
    warning="#7A4F01",
)
DARK = Theme(
    name="dark",
    background="#15171B",
    surface="#1D2025",
    raised="#292D34",
    text="#E8EAED",
    muted="#A3ABB6",
    border="#3B4048",
    accent="#B3A8FF",
    on_accent="#15171B",
    error="#FF8A80",
    warning="#F2C66D",
)
THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK}


def relative_luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of ``#RRGGBB``, between 0 and 1."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio (WCAG 2.2) of two colours, between 1 and 21."""
    low, high = sorted((relative_luminance(first), relative_luminance(second)))
    return (high + 0.05) / (low + 0.05)
