"""What was uploaded is held as long as a field of a page holds it, and let go after."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ui import uploads

MB = 1_000_000


@pytest.fixture
def kept(monkeypatch):
    """Streamlit's own store of files, a clock to be set, and our bounds upon it."""
    manager, clock = MemoryUploadedFileManager("/_stcore/upload_file"), [1000.0]
    monkeypatch.setattr(uploads, "_manager", lambda: manager)
    monkeypatch.setattr(uploads.time, "monotonic", lambda: clock[0])
    ours = uploads.Uploads()

    class Ticking:
        def done(self):
            return False

    ours._tidying = Ticking()

    def put(session, name, size=100):
        assert ours.begin(session, size)
        manager.add_file(session, UploadedFileRec(name, "f", "text/csv", b"x" * size))
        ours.end(session, size)

    return ours, manager, clock, put


def holding(*names):
    state = WidgetState(id="x", file_uploader_state_value=FileUploaderState())
    for name in names:
        state.file_uploader_state_value.uploaded_file_info.add(file_id=name, name="f", size=1)
    asked = ClientState(widget_states=WidgetStates(widgets=[state]))
    return BackMsg(rerun_script=asked).SerializeToString()


def names_of(manager):
    return {name for files in manager.file_storage.values() for name in files}


def test_a_file_is_let_go_when_no_field_holds_it_and_not_before(kept):
    ours, manager, clock, put = kept
    put("s", "held")
    put("s", "let go")
    put("t", "of another")
    put("t", "never held")
    ours.heard(1, holding("held", "let go"))
    ours.heard(2, holding("of another"))
    clock[0] += 500
    ours.heard(1, holding("held"))
    # what is said beside it changes nothing
    ours.heard(2, BackMsg(app_heartbeat=True).SerializeToString())
    ours.heard(2, b"\xff\xff nonsense")
    clock[0] += 29
    ours.tidy()
    assert names_of(manager) == {"held", "let go", "of another", "never held"}
    clock[0] += 2
    ours.tidy()
    assert names_of(manager) == {"held", "of another", "never held"}
    clock[0] += 100
    ours.tidy()
    assert names_of(manager) == {"held", "of another"}
    # a browser that has gone holds nothing
    ours.left(2)
    clock[0] += 31
    ours.tidy()
    assert names_of(manager) == {"held"}


def test_a_day_of_deliveries_is_not_stopped_by_those_of_before(kept):
    ours, manager, clock, put = kept
    for number in range(30):
        put("s", f"f{number}", 45 * MB)
        ours.heard(1, holding(f"f{number}"))
        clock[0] += 60
    assert len(names_of(manager)) <= 2


def test_what_is_on_its_way_counts_and_one_whose_size_is_not_told_counts_whole(kept):
    ours, _, _, put = kept
    put("s", "a", 50 * MB)
    assert ours.begin("s", 50 * MB) and ours.begin("s", None)
    assert not ours.begin("s", 10 * MB)
    assert ours.begin("t", 50 * MB)
    ours.end("s", None)
    assert ours.begin("s", 10 * MB)
    assert not ours.begin("s", None)
