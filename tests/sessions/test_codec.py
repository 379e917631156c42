"""The validation library behind sessions is imported by one thread at a time."""

import sys
from importlib.abc import MetaPathFinder

from poolviewer import sessions
from poolviewer.sessions import codec, schema
from tests.sessions.cases import small_session


def test_what_is_imported_by_half_is_seen_by_nobody(monkeypatch):
    is_alone = []

    class Watch(MetaPathFinder):
        def find_spec(self, name, path, target=None):
            if name == schema.__name__:
                is_alone.append(codec._importing.locked())

    monkeypatch.setattr(sys, "meta_path", [Watch(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, schema.__name__)
    monkeypatch.delattr(sessions, "schema")
    session = small_session(channel=1)
    text = codec.encode(session)
    assert codec.decode(text, "a.png").channel == session.channel
    assert is_alone == [True]
    assert not codec._importing.locked()
