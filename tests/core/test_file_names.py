"""Names of files from templates: sound on every system, whatever the fields hold."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import USUAL_TEMPLATE
from poolviewer.core.file_names import file_name, free_path, name_key
from poolviewer.core.templates import FIELDS, fill

NOTHING = dict.fromkeys(FIELDS, "")
CAT = NOTHING | {
    "source": "cat", "frame": "0", "model": "tutorial", "layer": "max_pooling2d",
    "channel": "3", "row": "4", "col": "7",
}  # fmt: skip
RESERVED = ("CON", "nul", "Aux", "PRN", "COM1", "lpt9", "COM¹", "conin$")
ODD = (
    "..", ".", "-", "--", "...hidden", "a/b", "..\\..\\x", "C:\\x", "/etc/passwd", "a\0b", "a\nb",
    "trailing. ", " x ", "\u202egnp.exe", "\u200f", "\ud800", "\udcff", "👩‍👩‍👧‍👦", "e\u0301" * 200,
    "猫" * 300, "x" * 300, "a:b*c?", "|<>", "\ufffd", "CON", "NUL.txt", "{source}", "\u2028",
    "\uffff", "שלום", "%00", "~", "",
)  # fmt: skip
any_text = (
    st.sampled_from(ODD) | st.text(max_size=300) | st.text("./\\:-_ CONnul0\u202e𐀀é", max_size=40)
)


def of(template, ending="png", **fields):
    return file_name(template, CAT | fields, ending)


def test_the_usual_name():
    assert of(USUAL_TEMPLATE) == "cat-0-tutorial-max_pooling2d-c3-4-7.png"


def test_what_is_not_there_leaves_no_dashes():
    assert of(USUAL_TEMPLATE, row="", col="") == "cat-0-tutorial-max_pooling2d-c3.png"
    assert of("{source}-{row}-{col}-x", row="", col="") == "cat-x.png"
    assert of("{mode}_{source}") == "cat.png"
    assert of("{mode}", ending="npz") == "figure.npz"
    assert of("{source}", source="a--b-") == "a--b-.png"


def test_folders_are_those_of_the_template():
    assert of("out/{model}/{source}") == "out/tutorial/cat.png"
    assert of("../{model}/./{source}") == "../tutorial/./cat.png"
    assert of("/tmp/x: y/{source}") == "/tmp/x: y/cat.png"
    assert of("{model}/{source}", model="../..", source="a/b") == "_/a_b.png"


def test_a_folder_of_nothing_is_none():
    assert of("{mode}/{source}") == "cat.png"
    assert of("{model}/{mode}/{source}") == "tutorial/cat.png"


@pytest.mark.parametrize("mode", ["", ".", "..", " ", "/", "-"])
def test_a_field_can_make_no_root(mode):
    assert not of("{mode}/{source}", mode=mode).startswith(("/", "."))


@pytest.mark.parametrize("name", RESERVED)
def test_names_of_devices_are_avoided(name):
    assert of("{source}", source=name) == f"_{name}.png"
    assert of("{source}", source=f"{name}.x") == f"_{name}.x.png"
    assert of("{source}/{row}", source=name) == f"_{name}/4.png"
    assert of("{source}", source=f"{name} .x") == f"_{name} .x.png"
    assert len(of("{source}", source=f"{name}.{'x' * 300}").encode()) == 255
    assert of("{source}", source=f"{name}x") == f"{name}x.png"


def test_the_ending_is_the_templates_own_or_put_there():
    assert of("{source}.PNG", "png") == "cat.PNG"
    assert of("{source}.jpeg", "jpg") == "cat.jpeg"
    assert of("{source}.png", "npz") == "cat.png.npz"
    assert of("{source}.npz", "") == "cat.npz"
    assert of("{source}", "") == "cat"


def test_long_names_keep_both_ends_of_every_field():
    name = of(USUAL_TEMPLATE, source="first" + "猫" * 200 + "last", model="m" * 100)
    assert len(name.encode()) <= 255
    assert name.startswith("first猫")
    assert "猫last-0-mmm" in name
    assert name.endswith("-max_pooling2d-c3-4-7.png")


def test_letters_are_kept():
    assert of("{source}", source="Käse 猫 👩‍👧 שלום") == "Käse 猫 👩‍👧 שלום.png"
    assert of("{source}", source="Ka\u0308se") == "Käse.png"


def test_what_no_name_may_hold_becomes_one_sign():
    assert of("{source}", source="a:|?\nb") == "a_b.png"
    assert of("{source}", source="a_:b__c") == "a_b__c.png"
    assert of("{source}", source="a\u00a0b\u3000c") == "a b c.png"


def test_a_wrong_template_is_refused():
    with pytest.raises(ExportError, match="cannot stand in a template"):
        of("{nobody}")
    with pytest.raises(ExportError, match="brace"):
        of("{source")


def check(component):
    assert 0 < len(component.encode()) <= 255
    assert component not in (".", "..")
    assert not set(component) & set('<>:"/\\|?*')
    assert component[0] not in ".- "
    assert component[-1] not in ". "
    assert component.partition(".")[0].upper() not in {name.upper() for name in RESERVED}
    kinds = {unicodedata.category(c) for c in component if c not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


@given(source=any_text, model=any_text, layer=any_text, mode=any_text)
@example("..", "..", "..", "..")
def test_no_field_makes_an_unsound_name(source, model, layer, mode):
    fields = CAT | {"source": source, "model": model, "layer": layer, "mode": mode}
    for template in (USUAL_TEMPLATE, "{source}", "{mode}{layer}", "{source}.{model}"):
        name = file_name(template, fields, "png")
        check(name)
        assert name.endswith(".png")
    path = file_name("{mode}/o-{model}/{source}", fields, "png")
    assert path.count("/") in (1, 2)
    for component in path.split("/"):
        check(component)


@given(st.text(st.characters(exclude_characters="{}"), max_size=400))
def test_no_template_makes_an_unsound_name(template):
    name = file_name(template, CAT, "png").rpartition("/")[2]
    check(name)
    assert name.lower().endswith(".png")


def test_every_odd_name_can_be_written(tmp_path):
    names = {of("{source}", source=text) for text in ODD}
    for name in names:
        (tmp_path / name).write_text("x")
    assert {path.name for path in tmp_path.iterdir()} == names


def test_names_that_meet_are_found():
    assert name_key("a/cat.png") == name_key("a/CAT.png")
    assert name_key("a/Ka\u0308t.png") == name_key("a/K\xe4t.png")
    assert name_key("SS\u0301") == name_key("\xdf\u0301")
    assert name_key("A\u0345\u0301") == name_key("A\u0301\u0345")
    assert len({name_key(path) for path in ("a/cat.png", "b/cat.png", "x.png")}) == 3


@given(st.text(max_size=20))
def test_the_key_of_a_key_is_itself(text):
    assert name_key(name_key(text)) == name_key(text)


def test_a_free_name_is_found(tmp_path):
    path = tmp_path / "a.mp4"
    assert free_path(path) == path
    path.touch()
    (tmp_path / "a-2.mp4").symlink_to("nowhere")
    assert free_path(path) == tmp_path / "a-3.mp4"


def test_a_free_name_is_not_too_long(tmp_path):
    path = tmp_path / ("猫" * 83 + "ab.png")
    path.touch()
    free = free_path(path)
    free.touch()
    assert free.name.endswith("-2.png")
    assert free_path(Path("x" * 400)) == Path("x" * 400)


def test_filling_leaves_values_as_they_are():
    assert fill("{{{source}}}: {row}", CAT) == "{cat}: 4"
