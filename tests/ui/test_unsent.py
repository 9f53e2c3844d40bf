"""What is said in the moment in which one drawing follows another, with Streamlit's own session."""

import asyncio
import random
import sys
import threading

import pytest
from streamlit import error_util
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.state.session_state import SessionState

from ui import unsent

PAGE = """
import streamlit as st

@st.fragment
def answer():
    st.session_state.setdefault("pressed", 0)
    st.button("press", key="press", on_click=lambda: st.session_state.update(pressed=1))
    while st.session_state.get("slow") and not st.session_state["go"].wait(0.01):
        pass
    st.text(f"pressed {st.session_state.pressed}")

@st.fragment
def news():
    st.text("news")

answer()
news()
"""


FIELD = """
import streamlit as st

st.session_state.setdefault("field", "of the link")
st.segmented_control("field", ["of nobody", "of the link"], key="field")
st.session_state["drawn"].set()
st.session_state["go"].wait(60)
st.text("after")
"""


class Page:
    """A session of Streamlit on the loop that runs, and what it told."""

    def __init__(self, folder, text=PAGE):
        script = folder / "page.py"
        script.write_text(text)
        self.told = []
        self.session = AppSession(
            ScriptData(str(script), is_hello=False),
            MemoryUploadedFileManager("/upload"),
            ScriptCache(),
            None,
            {},
        )

    async def until(self, found):
        """Let the loop turn, as long as it takes, until something was told."""
        async with asyncio.timeout(20):
            while True:
                self.told += self.session.flush_browser_queue()
                for number, one in enumerate(self.told):
                    if found(one):
                        del self.told[: number + 1]
                        return one
                await asyncio.sleep(0.005)

    async def opened(self):
        """Draw the whole page; gives where its two parts and its button are."""
        self.session.request_rerun(ClientState())
        answer = await self.until(lambda one: "press" in one.delta.new_element.button.label)
        news = await self.until(lambda one: one.delta.new_element.text.body == "news")
        await self.rest()
        button = answer.delta.new_element.button.id
        return answer.delta.fragment_id, news.delta.fragment_id, button

    async def rest(self):
        """Wait until a drawing has ended and none follows."""
        await self.until(lambda one: one.HasField("script_finished"))
        while self.session._scriptrunner is not None:
            await asyncio.sleep(0.005)

    async def with_a_choice(self, press="press"):
        """Draw a page with a choice and buttons; gives what :func:`asked` is told of them."""
        self.session.request_rerun(ClientState())
        radio = await self.until(lambda one: one.delta.new_element.radio.id)
        button = await self.until(lambda one: one.delta.new_element.button.label == press)
        await self.rest()
        return {
            "way_id": radio.delta.new_element.radio.id,
            "press_id": button.delta.new_element.button.id,
        }

    def press(self, fragment, button):
        asked = ClientState(fragment_id=fragment)
        asked.widget_states.widgets.add(id=button, trigger_value=True)
        self.session.request_rerun(asked)


@pytest.fixture(autouse=True)
def begun(tmp_path, monkeypatch):
    monkeypatch.setattr(Runtime, "_instance", None)
    files = MemoryUploadedFileManager("/upload")
    Runtime(RuntimeConfig(str(tmp_path), MemoryMediaFileStorage("/media"), files))
    unsent.keep_unsent()


def drawn(text):
    return lambda one: one.delta.new_element.text.body == text


def test_an_answer_that_is_whole_is_heard_also_when_a_part_is_asked_for_just_then(tmp_path):
    async def walk():
        page = Page(tmp_path)
        answer, news, button = await page.opened()
        page.press(answer, button)
        # the loop is busy: what the drawing says stays with it, and so does that it has ended
        page.session._scriptrunner._script_thread.join(60)
        page.session.request_rerun(ClientState(fragment_id=news))
        page.session.request_rerun(ClientState(fragment_id=answer))
        assert page.session._scriptrunner is not None
        await page.until(drawn("pressed 1"))
        await page.until(lambda one: one.HasField("script_finished"))
        # one drawing for the two that asked meanwhile, and never two at once
        await page.until(drawn("news"))
        await page.until(drawn("pressed 1"))
        threads = [one for one in threading.enumerate() if one.name.startswith("ScriptRunner")]
        assert len(threads) <= 1
        page.session.shutdown()

    asyncio.run(walk())


def test_a_press_that_waits_goes_with_a_request_for_the_whole_page(tmp_path):
    async def walk():
        page = Page(tmp_path)
        answer, _, button = await page.opened()
        go = threading.Event()
        page.session.session_state["slow"] = True
        page.session.session_state["go"] = go
        page.session.request_rerun(ClientState(fragment_id=answer))
        await page.until(lambda one: "press" in one.delta.new_element.button.label)
        page.press(answer, button)
        page.session.request_rerun(ClientState())
        go.set()
        await page.until(drawn("pressed 1"))
        page.session.shutdown()

    asyncio.run(walk())


def test_a_value_whose_field_was_let_fall_is_told_by_the_next_drawing(tmp_path):
    async def walk():
        page = Page(tmp_path, FIELD)
        go, there = threading.Event(), threading.Event()
        page.session.session_state["go"], page.session.session_state["drawn"] = go, there
        page.session.request_rerun(ClientState())
        # the loop is busy: the field was drawn, and is not passed on before another drawing is asked
        assert there.wait(60)
        page.session.request_rerun(ClientState())
        go.set()
        told = await page.until(lambda one: one.delta.new_element.button_group.id)
        assert told.delta.new_element.button_group.set_value
        assert told.delta.new_element.button_group.raw_values == ["of the link"]
        await page.until(drawn("after"))
        # once it is sent, what the user then chooses counts
        asked = ClientState()
        chosen = asked.widget_states.widgets.add(id=told.delta.new_element.button_group.id)
        chosen.string_array_value.data.append("of nobody")
        page.session.request_rerun(asked)
        told = await page.until(lambda one: one.delta.new_element.button_group.id)
        await page.until(drawn("after"))
        assert not told.delta.new_element.button_group.set_value
        assert page.session.session_state["field"] == "of nobody"
        page.session.shutdown()

    asyncio.run(walk())


def test_what_is_sent_is_noted_beside_what_a_page_keeps(tmp_path):
    """The loop notes it; a drawing that goes through all that is kept at that moment would fail."""

    async def walk():
        page = Page(tmp_path)
        page.session.session_state["kept"] = 1
        going = iter(page.session.session_state._new_session_state)
        old = page.session.session_state._old_state
        old["former"] = 1
        through = iter(old)
        next(going), next(through)
        said = ForwardMsg()
        said.delta.new_element.button.id = "a-button"
        page.session._enqueue_forward_msg(said)
        assert list(going) == [] and list(through) == []
        assert page.session.session_state.fields_sent == {"a-button"}
        page.session.session_state.clear()
        assert not page.session.session_state.fields_sent
        page.session.shutdown()

    asyncio.run(walk())


CHOICE = """
import streamlit as st

if "begin" in st.session_state:
    st.session_state["begin"].wait(60)
st.radio("way", ["skip", "update"], key="way")
pressed = st.button("press", key="press")
st.text(f"way {st.session_state.way}, pressed {pressed}")
"""


class Held:
    """A step of Streamlit that waits, the first time, in the thread that takes it."""

    def __init__(self, monkeypatch, owner, name):
        self.there, self.go, self.second = (threading.Event() for _ in range(3))
        step, turns = getattr(owner, name), iter(range(100))

        def held(*given, **named):
            if next(turns):
                self.second.set()
            else:
                self.there.set()
                assert self.go.wait(60)
            return step(*given, **named)

        monkeypatch.setattr(owner, name, held)


def asked(way, *, press=False, way_id, press_id):
    """What a browser says: the way that is chosen, and whether the button is pressed."""
    said = ClientState()
    said.widget_states.widgets.add(id=way_id, string_value=way)
    if press:
        said.widget_states.widgets.add(id=press_id, trigger_value=True)
    return said


def test_a_drawing_that_is_told_to_stop_puts_nothing_back(tmp_path, monkeypatch):
    async def walk():
        page = Page(tmp_path, CHOICE)
        ids = await page.with_a_choice()
        held = Held(monkeypatch, SessionState, "set_widgets_from_proto")
        begin = page.session.session_state["begin"] = threading.Event()
        page.session.request_rerun(asked("skip", press=True, **ids))
        former = page.session._scriptrunner._script_thread
        assert held.there.wait(60)
        page.session.request_rerun(asked("update", **ids))
        # where the two take no turns, the second has taken what it was told by now
        held.second.wait(0.5)
        held.go.set()
        former.join(60)
        begin.set()
        told = await page.until(lambda one: "way" in one.delta.new_element.text.body)
        assert told.delta.new_element.text.body.startswith("way update")
        page.session.shutdown()

    asyncio.run(walk())


def test_a_drawing_that_is_told_to_stop_takes_no_press_of_the_next(tmp_path, monkeypatch):
    async def walk():
        page = Page(tmp_path, CHOICE)
        ids = await page.with_a_choice()
        held = Held(monkeypatch, script_runner.SafeSessionState, "on_script_finished")
        page.session.request_rerun(asked("update", **ids))
        former = page.session._scriptrunner._script_thread
        assert held.there.wait(60), "it has said all, and tidies up"
        begin = page.session.session_state["begin"] = threading.Event()
        page.told = []
        page.session.flush_browser_queue()
        heard = Held(monkeypatch, SessionState, "set_widgets_from_proto")
        heard.go.set()
        page.session.request_rerun(asked("update", press=True, **ids))
        assert heard.there.wait(60)
        held.go.set()
        former.join(60)
        begin.set()
        await page.until(drawn("way update, pressed True"))
        page.session.shutdown()

    asyncio.run(walk())


def test_what_was_pressed_just_before_goes_with_the_next_drawing(tmp_path, monkeypatch):
    async def walk():
        page = Page(tmp_path, CHOICE)
        ids = await page.with_a_choice()
        held = Held(monkeypatch, script_runner.SafeSessionState, "on_script_will_rerun")
        page.session.request_rerun(asked("skip", press=True, **ids))
        former = page.session._scriptrunner._script_thread
        assert held.there.wait(60)
        page.session.request_rerun(asked("update", **ids))
        held.go.set()
        former.join(60)
        await page.until(drawn("way update, pressed True"))
        page.session.shutdown()

    asyncio.run(walk())


WRITING = """
import streamlit as st

if "write" in st.session_state:
    del st.session_state["write"]
    there, go = st.session_state["there"], st.session_state["go"]
    there.set()
    go.wait(60)
    st.session_state["written"] = True
st.text(f"written {st.session_state.get('written')}")
"""


def test_a_drawing_that_waited_for_its_turn_has_none_when_it_was_told_to_stop(tmp_path):
    async def walk():
        page = Page(tmp_path, WRITING)
        state = page.session.session_state
        state["write"] = True
        state["there"], state["go"] = threading.Event(), threading.Event()
        page.session.request_rerun(ClientState())
        assert state["there"].wait(60)
        with state.turn:
            state["go"].set()
            await asyncio.sleep(0.3)  # until it waits for its turn
            page.session.request_rerun(ClientState())
        await page.until(drawn("written None"))
        page.session.shutdown()

    asyncio.run(walk())


PRESSED = """
import streamlit as st

def pressed():
    there, go = st.session_state["there"], st.session_state["go"]
    there.set()
    go.wait(60)
    st.session_state["called"] = st.session_state.get("called", 0) + 1

st.radio("way", ["skip", "update"], key="way")
st.button("call", key="call", on_click=pressed)
if "before" in st.session_state:
    st.session_state["before"].set()
    go = st.session_state["go"]
    while not go.wait(0.01):
        st.empty()
if st.button("press", key="press"):
    if "after" in st.session_state:
        st.session_state["after"].set()
        go = st.session_state["go"]
        while not go.wait(0.01):
            st.empty()
    st.session_state["done"] = st.session_state.get("done", 0) + 1
st.text(f"{st.session_state.way} {st.session_state.get('done')} {st.session_state.get('called')}")
"""


async def interrupted(folder, held_at, press):
    """Press a button, and choose a way while the drawing that it began is held; gives what is told."""
    page = Page(folder, PRESSED)
    ids = await page.with_a_choice(press)
    state = page.session.session_state
    there, go = threading.Event(), threading.Event()
    state[held_at], state["go"] = there, go
    page.session.request_rerun(asked("skip", press=True, **ids))
    former = page.session._scriptrunner._script_thread
    assert there.wait(60)
    del state[held_at]
    page.session.request_rerun(asked("update", **ids))
    if held_at == "there":
        go.set()
    former.join(60)
    go.set()
    told = await page.until(lambda one: one.delta.new_element.text.body.startswith("update"))
    page.session.shutdown()
    return told.delta.new_element.text.body


@pytest.mark.parametrize(
    ("held_at", "press", "told"),
    [
        # the drawing had not come to the button: the next one takes the press
        ("before", "press", "update 1 None"),
        # it had: whether all was done that was to be done is known by the page alone, as before
        ("after", "press", "update None None"),
        # what a press calls is gone through, once
        ("there", "call", "update None 1"),
    ],
)
def test_a_press_counts_once_however_quick_the_next_choice_is(tmp_path, held_at, press, told):
    assert asyncio.run(interrupted(tmp_path, held_at, press)) == told


HASTE = """
import streamlit as st

for number in range(60):
    st.session_state[f"kept{number}"] = number
st.radio("way", ["skip", "update"], key="way")
for number in range(25):
    st.text_input("field", key=f"field{number}")
    turn = st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    st.session_state[f"new{turn // 5}"] = turn
st.button("press", key="press")
st.text(f"chosen {st.session_state.way}")
"""


@pytest.fixture
def haste():
    """Threads that take turns a hundred times as often as they do otherwise."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00005)
    yield random.Random(1)
    sys.setswitchinterval(before)


def test_who_chooses_and_presses_in_haste_sees_what_was_chosen_last_and_nothing_fails(
    tmp_path, monkeypatch, haste
):
    """Without :class:`ui.unsent.OneAtATime` a few rounds in a hundred go wrong, and as many fail."""
    failed = []
    monkeypatch.setattr(error_util, "_log_uncaught_app_exception", failed.append)

    async def walk():
        page = Page(tmp_path, HASTE)
        ids = await page.with_a_choice()
        for _ in range(100):
            for _ in range(haste.randint(1, 3)):
                way = haste.choice(["skip", "update"])
                page.session.request_rerun(asked(way, press=haste.random() < 0.3, **ids))
                await asyncio.sleep(haste.choice([0, 0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.03]))
            while page.session._scriptrunner is not None:
                await asyncio.sleep(0.003)
            page.told += page.session.flush_browser_queue()
            said = [one.delta.new_element.text.body for one in page.told]
            assert [text for text in said if text][-1] == f"chosen {way}"
            page.told = []
        page.session.shutdown()

    asyncio.run(walk())
    assert failed == []
