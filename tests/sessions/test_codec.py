"""The validation library behind sessions is imported by one thread at a time."""

from types import SimpleNamespace

from poolviewer.sessions import codec


def test_what_is_imported_by_half_is_seen_by_nobody(monkeypatch):
    is_alone = []

    def import_module(_name):
        is_alone.append(codec._importing.locked())
        return SimpleNamespace(encode=lambda _session: b"text", decode=lambda *_: "session")

    monkeypatch.setattr(codec.importlib, "import_module", import_module)
    assert codec.encode(None) == b"text"
    assert codec.decode(b"", "a.png") == "session"
    assert is_alone == [True, True]
    assert not codec._importing.locked()
