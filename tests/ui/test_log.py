"""What the server logs: lines of JSON that hold nothing of a person or a plot, also of an error."""

import ast
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from store import tables
from store.access import LOCAL_USER
from store.database import open_store
from store.errors import StoreError
from store.plots import change_plot
from ui.log import FACTS, OURS, PlainFacts

ROOT = Path(__file__).parents[2]
PERSON = "Xandra Geheim"


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.setFormatter(PlainFacts())
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def lines():
    handler = Lines()
    loggers = [logging.getLogger(name) for name in (None, OURS)]
    before = [one.level for one in loggers]
    loggers[0].addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    yield handler.lines
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, before):
        one.setLevel(level)


def fault_of_the_database(store):
    """A row that is there already: the driver tells all its values in its message."""
    values = {"key": PERSON, "value": 1}
    with store.engine.begin() as connection:
        connection.execute(sa.insert(tables.meta).values(**values))
        connection.execute(sa.insert(tables.meta).values(**values))


def fault_of_ours(store):
    change_plot(store, LOCAL_USER, PERSON, {"name": PERSON}, reason=PERSON)


def fault_of_code(_store):
    try:
        {}[PERSON]
    except KeyError as missing:
        raise ValueError(f"no such {missing}") from missing


@pytest.mark.parametrize("fault", [fault_of_the_database, fault_of_ours, fault_of_code])
def test_an_error_is_told_by_its_path_and_never_by_what_it_says(lines, tmp_path, fault):
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    try:
        fault(store)
    except (sa.exc.SQLAlchemyError, StoreError, ValueError) as error:
        assert (
            PERSON
            in repr(vars(error))
            + str(error)
            + repr(error.__cause__)
            + repr(getattr(error, "orig", ""))
            or fault is fault_of_the_database
        )
        logging.getLogger(OURS).error("fault", exc_info=error, extra={"error_id": "abc"})
    store.close()
    told = json.loads(lines[-1])
    assert (told["event"], told["error_id"], told["level"]) == ("fault", "abc", "ERROR")
    paths = [step for one in told["errors"] for step in one["path"]]
    assert any(step.startswith("tests/ui/test_log.py:") for step in paths)
    assert not any(step.startswith("/") for step in paths), "from the root of app or library"
    if fault is fault_of_the_database:
        assert told["errors"][0]["code"].startswith("SQLITE_CONSTRAINT")
    assert "Xandra" not in "".join(lines) and "Geheim" not in "".join(lines)


def test_what_libraries_say_is_told_by_where_they_say_it(lines):
    """A library fills names in before it logs, so its words are never taken over."""
    for name in ("library", "another.library"):
        logging.getLogger(name).warning(f"GET /?q={PERSON}")
        logging.getLogger(name).warning("GET /?q=%s", PERSON, extra={"path": PERSON})
    logging.getLogger(OURS).warning("ours", extra={"name_of_plot": PERSON})
    assert len(lines) == 5
    for line in lines:
        told = json.loads(line)
        assert "Xandra" not in line
        assert told["place"].rpartition(":")[0].endswith("test_log.py") and told["at"]


def calls_a_method(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)


def test_our_own_lines_are_constants():
    """No f-string, no value: what our code says holds nothing that a user gave."""
    found = 0
    for package in ("data", "geo", "messages", "presentation", "reports", "scoring", "store", "ui"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                owner = ast.unparse(node.func.value) if calls_a_method(node) else ""
                if owner != "_log" and "getLogger" not in owner:
                    continue
                level = 1 if node.func.attr == "log" else 0
                if node.func.attr in ("setLevel",):
                    continue
                found += 1
                assert isinstance(node.args[level], ast.Constant), path
                assert len(node.args) == level + 1, f"{path}: nothing is filled in"
                for keyword in node.keywords:
                    if keyword.arg == "extra":
                        assert {key.value for key in keyword.value.keys} <= set(FACTS), path
    assert found >= 3


def failing():
    """A script that fails as a page may, with a name in the error."""
    from ui.told import told_errors

    with told_errors():
        raise RuntimeError("Xandra Geheim")


def test_the_number_on_screen_is_that_in_the_log(lines):
    test = AppTest.from_function(failing).run()
    assert not test.exception
    (said,) = [error.value for error in test.error]
    (told,) = [json.loads(line) for line in lines if '"error_id"' in line]
    assert told["error_id"] in said and len(told["error_id"]) == 8
    assert told["errors"][0]["kind"] == "RuntimeError" and "Xandra" not in said + "".join(lines)


def test_a_process_that_fails_outright_says_it_so_too():
    code = (
        "import warnings, threading\nfrom ui import log\nlog.begin()\n"
        "import streamlit.logger\n"
        "from streamlit import error_util\n"
        "streamlit.logger.get_logger('new.one').error('Xandra %s', 'Geheim')\n"
        "warnings.warn('Xandra Geheim')\n"
        # what Streamlit does with an error of a page; with the library rich, it would print it
        "import rich\n"
        "error_util._log_uncaught_app_exception(ValueError('Xandra Geheim'))\n"
        "def fail(): raise OSError(2, 'Xandra Geheim')\n"
        "one = threading.Thread(target=fail); one.start(); one.join()\n"
        "fail()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = [json.loads(line) for line in done.stderr.splitlines()]
    page = "streamlit.error_util"
    assert [line["logger"] for line in told] == ["new.one", "py.warnings", page, OURS, OURS]
    assert not done.stdout
    assert told[-1]["errors"][0] | {"path": 0} == {
        "kind": "FileNotFoundError",
        "code": "2",
        "path": 0,
    }
    assert done.returncode == 1 and "Xandra" not in done.stderr + done.stdout


def not_keeping(kind):
    """A script that writes while the disk is full, or the connection goes."""
    from messages import Message
    from store import errors
    from ui.told import told_errors

    with told_errors():
        raise getattr(errors, kind)(Message("store.error.not_kept"))


@pytest.mark.parametrize(
    ("kind", "words"),
    [("NotKeptError", "Er is niets bewaard"), ("PerhapsKeptError", "bewaard, of helemaal niet")],
)
def test_what_is_certain_of_what_was_kept_is_said_with_its_number(lines, kind, words):
    test = AppTest.from_function(not_keeping, kwargs={"kind": kind}).run()
    (said,) = [error.value for error in test.error]
    (told,) = [json.loads(line) for line in lines if '"error_id"' in line]
    assert words in said and told["error_id"] in said


def test_what_the_store_refuses_is_told_in_one_way_so_that_a_fault_is_logged_too():
    """Who shows the words of an error of the store himself leaves a full disk out of the log."""
    found = 0
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Try):
                continue
            caught = [ast.unparse(one.type) for one in node.handlers if one.type is not None]
            for handler, kind in zip(node.handlers, caught):
                if "StoreError" in kind:
                    found += 1
                    told = "KeepingFailedError" in caught or any(
                        isinstance(one, ast.Raise) or ast.unparse(one).startswith("tell(")
                        for one in ast.walk(handler)
                    )
                    assert told, f"{path.name}:{handler.lineno}"
    assert found >= 5
