"""Files that are no pictures, and pictures that are hostile or broken: sentence by sentence."""

import gzip

from tests import media
from tests.sources import hostile_pictures as pictures
from tests.sources import hostile_videos as videos
from tests.sources.hostile_cases import (
    CUT_OFF,
    DAMAGED,
    EMPTY,
    HEIC,
    KERAS,
    PDF,
    PLAY_LIST,
    SECRET,
    SOUND,
    SVG,
    TEXT,
    UNKNOWN,
    archive,
    file_of,
    hdf5,
    is_not,
    pickled,
    too_large,
)

ENTITY = (
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:secret.txt'>]>"
    b"<svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>"
)
FFCONCAT = b"ffconcat version 1.0\nfile secret.mov\n"
HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.mov\n#EXT-X-ENDLIST\n"

NOT_PICTURES = {
    "empty": file_of("a.png", b"", EMPTY),
    "one byte": file_of("a.png", b"\0", is_not("a picture", UNKNOWN)),
    "text": file_of("a.jpg", SECRET.encode(), is_not("a picture", TEXT)),
    "UTF-16 text": file_of("a.png", SECRET.encode("utf-16"), is_not("a picture", UNKNOWN)),
    "web page": file_of("a.png", media.WEB_PAGE, is_not("a picture", "it begins like a web page.")),
    "git-LFS pointer": file_of(
        "a.png",
        media.GIT_LFS,
        "is not a picture: it is a git-LFS pointer; run “git lfs pull” to fetch the file itself.",
    ),
    "noise": file_of("a.png", bytes(range(255, 0, -1)) * 9, is_not("a picture", UNKNOWN)),
    "zeros": file_of("a.png", bytes(5000), is_not("a picture", UNKNOWN)),
    "SVG": file_of("a.png", b"<svg/>", SVG),
    "SVG with an entity": file_of("a.svg", ENTITY, SVG),
    "compressed SVG": file_of(
        "a.svgz",
        gzip.compress(ENTITY),
        is_not("a picture or a video", "it begins like a gzip archive."),
    ),
    "PDF": file_of("a.png", b"%PDF-1.7\n", PDF),
    "EPS": file_of(
        "a.tif",
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n",
        is_not("a picture", "it begins like a PostScript drawing; save it as PNG."),
    ),
    "PSD": file_of(
        "a.tif",
        b"8BPS\0\1" + bytes(20),
        is_not("a picture", "it begins like a Photoshop document."),
    ),
    "HEIC": file_of("a.jpg", videos.box(b"ftyp", b"heic", bytes(4)), is_not("a picture", HEIC)),
    "AVIF": file_of(
        "a.avif", videos.box(b"ftyp", b"avif", bytes(4)), is_not("a picture or a video", HEIC)
    ),
    "JPEG 2000": file_of(
        "a.jp2", bytes.fromhex("0000000c6a5020200d0a870a"), is_not("a picture or a video", UNKNOWN)
    ),
    "OpenEXR": file_of(
        "a.exr", bytes.fromhex("762f3101") + bytes(99), is_not("a picture or a video", UNKNOWN)
    ),
    "BigTIFF": file_of(
        "a.tif",
        b"II+\0\x08\0\0\0",
        is_not("a picture", "it begins like a BigTIFF, which is not read; save it as TIFF or PNG."),
    ),
    "pickle": file_of(
        "a.png",
        pickled,
        is_not("a picture", "it begins like pickled Python objects, which are never loaded."),
    ),
    "NumPy array": file_of("a.npy", b"\x93NUMPY\1\0", is_not("a picture or a video", UNKNOWN)),
    "ZIP": file_of("a.png", archive("a.png"), is_not("a picture", "it begins like a ZIP archive.")),
    "program": file_of("a.png", b"\x7fELF" + bytes(99), is_not("a picture", UNKNOWN)),
    "shell script": file_of("a.png", b"#!/bin/sh\ntouch executed\n", is_not("a picture", TEXT)),
    "Keras model": file_of("a.keras", archive("metadata.json", "config.json"), KERAS),
    "Keras model named a picture": file_of("a.png", archive("config.json"), KERAS),
    "HDF5 model": file_of("a.h5", hdf5(keras_version="3.15.1"), KERAS),
    "HDF5 of something else": file_of(
        "a.h5", hdf5(), is_not("a picture or a video", "it begins like an HDF5 file.")
    ),
    "sound": file_of("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", is_not("a picture or a video", SOUND)),
    "MP3": file_of("a.mp4", b"ID3\3" + bytes(99), is_not("a video", SOUND)),
    "ffconcat as video": file_of("a.mp4", FFCONCAT, is_not("a video", PLAY_LIST)),
    "ffconcat as picture": file_of("a.png", FFCONCAT, is_not("a picture", PLAY_LIST)),
    "HLS": file_of("a.m3u8", HLS, is_not("a picture or a video", PLAY_LIST)),
    "HLS as video": file_of("a.mp4", HLS, is_not("a video", PLAY_LIST)),
    "HLS with a mark": file_of("a.ts", b"\xef\xbb\xbf" + HLS, is_not("a video", PLAY_LIST)),
    "SDP": file_of(
        "a.sdp", b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", is_not("a picture or a video", PLAY_LIST)
    ),
    "ASX": file_of(
        "a.asx",
        b"<ASX version='3.0'><ref href='secret.mov'/></ASX>",
        is_not("a picture or a video", PLAY_LIST),
    ),
    "PLS": file_of(
        "a.pls", b"[playlist]\nFile1=secret.mov\n", is_not("a picture or a video", PLAY_LIST)
    ),
    "DASH": file_of(
        "a.mpd",
        b"<?xml version='1.0'?><MPD><BaseURL>secret.mov</BaseURL></MPD>",
        is_not("a picture or a video", TEXT),
    ),
    "image sequence": file_of("a%d.png", b"", EMPTY),
}

PICTURES = {
    **{
        f"half a {name}": file_of(f"a.{name.lower()}", data[: len(data) // 2], CUT_OFF)
        for name, data in pictures.WHOLE.items()
    },
    **{
        f"{name} of {side}²": file_of(f"a.{name.lower()}", make(side, side), too_large(side, side))
        for side in (30000, 60000)
        for name, make in pictures.SIZED.items()
    },
    "WebP of 16384²": file_of(
        "a.webp", pictures.webp_of_size(16384, 16384), too_large(16384, 16384)
    ),
    "PNG of 2³¹−1": file_of(
        "a.png", media.png(2**31 - 1, 2**31 - 1), too_large(2**31 - 1, 2**31 - 1)
    ),
    "PNG without pixels": file_of("a.png", media.png(0, 0), DAMAGED),
    "GIF without pixels": file_of("a.gif", pictures.gif_of_size(0, 9), DAMAGED),
    "BMP without pixels": file_of("a.bmp", pictures.bmp_of_size(9, 0), DAMAGED),
    "TIFF without pixels": file_of("a.tif", pictures.tiff_of(0, 0, b""), DAMAGED),
    "JPEG without pixels": file_of("a.jpg", pictures.jpeg_of_size(0, 9), DAMAGED),
    "PNG with a wrong checksum": file_of(
        "a.png", pictures.PNG.replace(b"IDAT", b"IDAT\1", 1)[:-1], DAMAGED
    ),
    "PNG of too few rows": file_of("a.png", media.png(10000, 10000), DAMAGED, late=True),
    "PNG without an end": file_of("a.png", pictures.PNG[:-12], CUT_OFF),
    "PNG of a chunk behind the end": file_of(
        "a.png", pictures.png_of()[:33] + b"\x7f\xff\xff\xffzTXt", CUT_OFF
    ),
    "JPEG of a kilobyte for 100 million": file_of(
        "a.jpg", pictures.jpeg_of_size(10000, 9999), CUT_OFF
    ),
    "JPEG of ten thousand scans": file_of(
        "a.jpg", pictures.jpeg_of_scans(10_000, 2000, 2000), DAMAGED
    ),
    "JPEG without a frame": file_of("a.jpg", b"\xff\xd8\xff\xd9", DAMAGED),
    "GIF of a frame outside": file_of("a.gif", pictures.gif_of_size(9, 9), DAMAGED),
    "GIF of a million blocks": file_of(
        "a.gif", pictures.GIF[:13] + b"\x21\xfe" + b"\1 " * 1_000_001, DAMAGED
    ),
    "GIF of a million extensions": file_of(
        "a.gif", b"GIF89a\1\0\1\0\0\0\0" + b"\x21\xfe\0" * 1_000_001, DAMAGED
    ),
    "TIFF whose pages begin behind its end": file_of("a.tif", b"II*\0\xff\xff\xff\x7f", CUT_OFF),
    "TIFF of 65535 tags": file_of("a.tif", pictures.tiff_of_tags(65535), DAMAGED),
    "TIFF of tiles of 2³⁰": file_of(
        "a.tif", pictures.tiff_of(40, 24, bytes(99), tile=(2**30, 2**30)), DAMAGED, late=True
    ),
    "TIFF of 65535 channels": file_of(
        "a.tif", pictures.tiff_of(9999, 9999, bytes(99), samples=65535), DAMAGED, late=True
    ),
    "TIFF of measured values": file_of(
        "a.tif",
        pictures.tiff_of(4, 4, bytes(64), bits=32, kind=3),
        "holds measured values (float32): save it with 8 or 16 bits a channel.",
    ),
    "TIFF of 800 MB of measured values": file_of(
        "a.tif",
        pictures.tiff_of(9999, 9999, bytes(64), bits=64, kind=3),
        "holds measured values (float64): save it with 8 or 16 bits a channel.",
    ),
    "BMP that begins behind its end": file_of(
        "a.bmp", pictures.BMP[:10] + b"\xff\xff\xff\x7f" + pictures.BMP[14:], CUT_OFF
    ),
}
