"""Each kind of file gives back the session that was put into it, and plain ones give none."""

import base64
import io
import os
import random
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QPainter, QPdfWriter

from poolviewer.core.errors import SessionRefused
from poolviewer.sessions import carriers
from poolviewer.sessions.carriers import (
    PDF_FILE_NAME,
    DamagedSessionError,
    carried,
    carrier_of,
    png_chunk,
)
from poolviewer.sessions.schema import decode, encode
from poolviewer.sources.opencv import cv2
from tests import media
from tests.sessions.cases import small_session

SESSION = encode(small_session())
PNG = media.encoded(".png")
AFTER_HEADER = 8 + 25


def with_chunk(chunk: bytes, png: bytes = PNG) -> bytes:
    return png[:AFTER_HEADER] + chunk + png[AFTER_HEADER:]


def svg_metadata(session: bytes) -> str:
    return f'<metadata id="poolviewer-session">{base64.b64encode(session).decode()}</metadata>'


def svg(session: bytes = SESSION, before: str = "") -> bytes:
    root = '<?xml version="1.0" encoding="UTF-8"?>\n<svg width="9mm" xmlns="http://www.w3.org/2000/svg">'
    return f"{before}{root}{svg_metadata(session)}<title>Füße</title></svg>".encode()


def pdf(session: bytes | None = SESSION) -> bytes:
    """Write a page as Qt does, with the session as an embedded file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    if session is not None:
        writer.addFileAttachment(PDF_FILE_NAME, QByteArray(session), "application/json")
    painter = QPainter(writer)
    painter.drawText(100, 100, "a page")
    painter.end()
    return bytes(data.data())


def found_in(data: bytes) -> bytes | None:
    carrier = carrier_of(data[: carriers.HEAD_BYTES])
    return carried(io.BufferedReader(io.BytesIO(data)), carrier) if carrier else None


def test_each_carrier_gives_it_back(qapp) -> None:
    for data in (with_chunk(png_chunk(SESSION)), svg(), pdf(), SESSION):
        assert found_in(data) == SESSION


def test_plain_files_carry_none(qapp) -> None:
    plain = svg().replace(svg_metadata(SESSION).encode(), b"")
    for data in (PNG, plain, pdf(None), b"{}", b"", media.encoded(".jpg"), media.WEB_PAGE):
        assert found_in(data) is None


def test_a_deflated_embedded_file_is_found_too(qapp) -> None:
    for session in (SESSION, SESSION[:-1] + b" " * 90_000 + b"}"):  # Qt deflates larger ones
        assert found_in(pdf(session)) == session


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("is_deflated", [True, False])
def test_a_document_that_another_program_wrote(line_end: bytes, is_deflated: bool) -> None:
    content = zlib.compress(SESSION, 9) if is_deflated else SESSION
    other = zlib.compress(b"q 1 0 0 1 0 0 cm Q")
    parts = [b"%PDF-1.4", b"1 0 obj <</Length 8>>", b"stream", other, b"endstream"]
    parts += [b"2 0 obj <</Length 3 0 R>>", b"stream", content, b"endstream", b"endobj %%EOF"]
    assert found_in(line_end.join(parts)) == SESSION


def test_a_drawing_that_another_program_wrote() -> None:
    text = svg().replace(b"<metadata id=", b"<metadata\n     id=")
    element = text[text.index(b"<metadata") : text.index(b"</metadata>")]
    broken = element[:100] + b"\n  " + element[100:] + b"\n  "
    assert found_in(text.replace(element, broken)) == SESSION
    assert found_in(b"<!-- poolviewer-session -->\n" + svg()[svg().index(b"<svg") :]) == SESSION
    assert found_in(b"\xef\xbb\xbf" + svg()) == SESSION


def test_chunks_count_only_before_the_pixels() -> None:
    assert found_in(PNG[:-12] + png_chunk(SESSION) + PNG[-12:]) is None


def test_a_large_session_takes_several_chunks() -> None:
    large = b'{"poolview":1' + b"x" * 3 * carriers.PNG_PIECE_BYTES
    chunks = png_chunk(large)
    assert chunks.count(b"zTXt") == 4
    between = media.png_chunk(b"tEXt", b"a\0b")
    assert found_in(with_chunk(chunks)) == large
    assert found_in(with_chunk(between + chunks)) == large


def test_damaged_chunk_is_told() -> None:
    chunk = png_chunk(SESSION)
    for spoilt in (
        chunk[:-1] + bytes([chunk[-1] ^ 1]),
        chunk[:60] + bytes([chunk[60] ^ 1]) + chunk[61:],
        b"\xff\xff\xff\xff" + chunk[4:],
        media.png_chunk(b"zTXt", carriers.KEYWORD + b"\0\0" + b"no zlib"),
        media.png_chunk(b"zTXt", carriers.KEYWORD + b"\0\0" + zlib.compress(SESSION)[:-4]),
        media.png_chunk(b"zTXt", carriers.KEYWORD + b"\0\0" + zlib.compress(SESSION) + b"more"),
        media.png_chunk(b"zTXt", carriers.KEYWORD + b"\0"),
    ):
        with pytest.raises(DamagedSessionError):
            found_in(with_chunk(spoilt))


def test_damaged_drawing_is_told() -> None:
    whole = svg()
    for spoilt in (
        whole.replace(b'">eyJ', b'">e*J'),
        whole.replace(b'">eyJ', b'">AeyJ'),
        whole.replace(b"X19</metadata>", b"</metadata>"),
    ):
        assert spoilt != whole
        with pytest.raises(DamagedSessionError):
            found_in(spoilt)


def plain_pdf(session: bytes) -> bytes:
    return b"%PDF-1.4\n1 0 obj\nstream\n" + zlib.compress(session) + b"\nendstream\n"


CARRIERS = {"png": with_chunk(png_chunk(SESSION)), "svg": svg(), "pdf": plain_pdf(SESSION)}


def opened(data: bytes) -> str:
    """Open a file as far as its session; say what came of it."""
    try:
        found = found_in(data)
        return "plain" if found is None else decode(found, "a").source
    except (DamagedSessionError, SessionRefused):
        return "refused"


@pytest.mark.parametrize("carrier", CARRIERS)
def test_cut_off_at_every_byte(carrier: str) -> None:
    data = CARRIERS[carrier]
    results = [opened(data[:length]) for length in range(len(data) + 1)]
    assert set(results) <= {"plain", "refused", "cat.png"}
    assert results[-1] == "cat.png"
    assert results.index("cat.png") > len(SESSION) // 2  # never from a part of it
    assert "refused" in results


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("seed", range(3))
def test_changed_bytes(carrier: str, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(400):
        data = bytearray(CARRIERS[carrier])
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(data))
            if rng.random() < 0.5:
                data[place] = rng.randrange(256)
            else:
                data[place : place + rng.randint(0, 9)] = rng.randbytes(rng.randint(0, 9))
        opened(bytes(data))  # anything else than a refusal is an error


def test_a_picture_with_a_large_session_is_a_picture_for_everyone_else() -> None:
    noise = np.random.default_rng(0).integers(0, 256, 9 * 2**20, np.uint8).tobytes()
    data = with_chunk(png_chunk(base64.b64encode(noise)))
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(picture, media.gradient())
    np.testing.assert_array_equal(Image.open(io.BytesIO(data)), media.gradient()[:, :, ::-1])
    assert QImage.fromData(data).width() == 40


HOSTILE_TIMES = """
import io, resource, sys, time, zlib
from poolviewer.sessions.carriers import BEGINNING, KEYWORD
from poolviewer.sessions.carriers import DamagedSessionError, carried, carrier_of
from tests import media
import base64
def bomb(size):
    packer = zlib.compressobj(9)
    head = packer.compress(BEGINNING)
    block = bytes(2**20)
    return head + b"".join(packer.compress(block) for _ in range(size // 2**20)) + packer.flush()
big = bomb(2**31)
png = media.encoded(".png")
cases = [
    png[:33] + media.png_chunk(b"zTXt", KEYWORD + b"\\0\\0" + big) + png[33:],
    b'<svg><metadata id="poolviewer-session">' + b"A" * 100_000_000 + b"</metadata></svg>",
    b"%PDF-1.4\\nstream\\n" + big + b"\\nendstream",
    b"%PDF-1.4\\n" + b"stream\\n" * 8_000_000,
    b"%PDF-1.4\\n" + (b"stream\\n" + zlib.compress(b"x" * 999)) * 200_000,
    b"<svg>" + KEYWORD * 3_000_000,
    b"<svg>" + b"<metadata " * 6_000_000,
    png[:33] + media.png_chunk(b"tEXt", b"") * 4_000_000,
    b'{"poolview":1' + b"[" * 60_000_000,
]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for data in cases:
    try:
        carried(io.BufferedReader(io.BytesIO(data)), carrier_of(data[:2048]))
    except DamagedSessionError:
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_bombs_take_bounded_memory() -> None:
    result = subprocess.run(
        [sys.executable, "-c", HOSTILE_TIMES],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert int(result.stdout) < 400 * 1024  # KB; unbounded it would be 2 GB


def test_all_chunks_of_a_png_together_are_bounded(monkeypatch):
    monkeypatch.setattr(carriers, "MOST_BYTES", 1000)
    monkeypatch.setattr(carriers, "PNG_PIECE_BYTES", 400)
    for size, is_sound in ((1000, True), (1001, False)):
        data = carriers.PNG_SIGNATURE + carriers.png_chunk(b"x" * size)
        with io.BufferedReader(io.BytesIO(data)) as file:
            if is_sound:
                assert carriers.carried(file, "PNG") == b"x" * size
            else:
                with pytest.raises(carriers.DamagedSessionError):
                    carriers.carried(file, "PNG")


def uncompressed_pdf(session: bytes) -> bytes:
    return b"%PDF-1.4\n1 0 obj\nstream\n" + session + b"\nendstream\n"


@pytest.mark.parametrize("carry", [bytes, svg, uncompressed_pdf])
def test_a_session_is_bounded_in_every_carrier(monkeypatch, carry) -> None:
    monkeypatch.setattr(carriers, "MOST_BYTES", 1000)
    largest = carriers.BEGINNING.ljust(1000, b"x")
    assert found_in(carry(largest)) == largest
    with pytest.raises(DamagedSessionError):
        found_in(carry(largest + b"x"))


class Asked(io.BytesIO):
    """A file that notes how much of it is wanted at once."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.most = 0

    def read(self, size: int) -> bytes:
        self.most = max(self.most, size)
        return super().read(size)


def test_no_more_is_wanted_of_a_file_than_the_largest_session_takes() -> None:
    endless = PNG[:AFTER_HEADER] + b"\xff\xff\xff\xffzTXt" + carriers.KEYWORD + b"\0\0"
    file = Asked(endless)
    with pytest.raises(DamagedSessionError):
        carried(file, "PNG")
    assert file.most < 100
    for data, most in (
        (SESSION, carriers.MOST_BYTES),
        (svg(), carriers.MOST_DRAWING_BYTES),
        (plain_pdf(SESSION), carriers.MOST_DRAWING_BYTES),
    ):
        file = Asked(data)
        assert carried(file, carrier_of(data)) == SESSION
        assert file.most == most + 1


def test_what_comes_after_too_much_else_is_not_looked_for(monkeypatch) -> None:
    for bound in ("MOST_CHUNKS", "MOST_MENTIONS", "MOST_STREAMS"):
        monkeypatch.setattr(carriers, bound, 3)
    for others, expected in ((2, SESSION), (3, None)):
        chunks = others * media.png_chunk(b"tEXt", b"a\0b")
        assert found_in(PNG[:8] + chunks + png_chunk(SESSION) + PNG[8:]) == expected
        mentions = b"<svg>" + others * carriers.KEYWORD
        assert found_in(mentions + svg_metadata(SESSION).encode()) == expected
        streams = b"%PDF-1.4\n" + others * b"stream\n"
        assert found_in(streams + plain_pdf(SESSION)) == expected
