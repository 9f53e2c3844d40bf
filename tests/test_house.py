"""The rules of the house hold: arrows, texts in catalogues, true documents."""

import ast
import re
from pathlib import Path

import pytest

from messages import LANGUAGES, catalogue

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "sandbox",
    "data",
    "geo",
    "scoring",
    "store",
    "presentation",
    "reports",
    "ui",
    "messages",
)
MAY_IMPORT = {
    "messages": set(),
    "sandbox": set(),
    "data": {"messages"},
    "geo": {"sandbox", "messages", "data"},
    "store": {"sandbox", "messages", "data"},
    "scoring": {"messages", "data", "geo"},
    "presentation": {"messages", "data"},
    "reports": {"sandbox", "messages", "data", "geo", "scoring", "store", "presentation"},
    "ui": {"messages", "data", "geo", "scoring", "store", "presentation", "reports"},
}
NEVER = {
    "sandbox": {"streamlit", "folium", "streamlit_folium"},
    "geo": {"streamlit", "folium", "streamlit_folium"},
    "scoring": {"streamlit", "folium", "streamlit_folium"},
    "store": {"streamlit", "folium", "streamlit_folium"},
    "presentation": {"streamlit", "folium", "streamlit_folium"},
    "reports": {"streamlit", "folium", "streamlit_folium"},
    "data": {"streamlit", "folium", "geopandas", "shapely"},
}


def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_arrows_point_one_way(package):
    for path in modules(package):
        own = set(imported(path)) & {*PACKAGES, "app"}
        assert own <= MAY_IMPORT[package] | {package}, path
        assert not set(imported(path)) & NEVER.get(package, set()), path


def loaded_by(path, seen):
    """Give what is imported when a module is, by all that it imports of the house too."""
    if path in seen:
        return
    seen.add(path)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield name.split(".")[0]
            own = ROOT / Path(*name.split("."))
            for module in (own.with_suffix(".py"), own / "__init__.py"):
                if module.is_file() and name.split(".")[0] in PACKAGES:
                    yield from loaded_by(module, seen)


@pytest.mark.parametrize(
    ("module", "not_needed"),
    [
        ("geo/reading/read.py", {"scipy", "openpyxl", "pandera", "ezdxf", "sqlalchemy"}),
        ("store/photo.py", {"geopandas", "pandas", "numpy", "sqlalchemy"}),
        ("reports/verified.py", {"sqlalchemy", "alembic", "matplotlib", "openpyxl"}),
    ],
)
def test_what_opens_a_users_file_loads_only_what_it_needs(module, not_needed):
    """It is loaded anew for each file, so that all that it loads is waited for."""
    seen = set()
    loaded = set(loaded_by(ROOT / module, seen))
    assert not loaded & not_needed
    assert len(seen) > 1 or "PIL" in loaded


def test_a_step_of_the_database_uses_nothing_that_may_change_later():
    """It gives tomorrow what it gave when it was written: forms of columns and of the chain alone."""
    frozen = {
        ("store.tables", "UtcMoment"),
        ("store.tables", "rd_geometry"),
        ("store.chain", "link"),
    }
    steps = sorted((ROOT / "store/migrations/versions").glob("*.py"))
    for path in steps:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in PACKAGES:
                assert {(node.module, one.name) for one in node.names} <= frozen, path.name
    assert len(steps) > 10


def test_both_catalogues_are_complete_with_the_same_places():
    dutch, english = (catalogue(lang) for lang in LANGUAGES)
    assert set(dutch) == set(english)
    for key, text in dutch.items():
        places = re.findall(r"\{(\w+)\}", text)
        assert set(places) == set(re.findall(r"\{(\w+)\}", english[key])), key


def code():
    """Give every node of the app's own code."""
    for package in (*PACKAGES, "app.py"):
        for path in [ROOT / package] if package.endswith(".py") else modules(package):
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def said_keys():
    """Give every key that code says outright, and the begin of every key that it puts together."""
    whole, begun = set(), set()
    for node in code():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in ("t", "text", "Message", "_RowError"):
            continue
        first = node.args[0]
        for value in ast.walk(first):
            if isinstance(value, ast.JoinedStr):
                head = value.values[0]
                if isinstance(head, ast.Constant):
                    begun.add(str(head.value))
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            whole.add(first.value)
        elif isinstance(first, ast.IfExp):
            whole |= {v.value for v in (first.body, first.orelse) if isinstance(v, ast.Constant)}
    return whole, begun


def test_every_text_that_code_says_stands_in_the_catalogues():
    whole, begun = said_keys()
    known = catalogue("nl")
    keys = {key for key in whole if re.fullmatch(r"[a-z_]+(\.[\w-]+)+", key)}
    assert sorted(keys - set(known)) == []
    for start in begun:
        if re.match(r"[a-z_]+\.", start):
            assert any(key.startswith(start) for key in known), start


def test_no_text_stands_in_the_catalogues_that_nothing_says():
    whole, made = set(), []
    for node in code():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [getattr(part, "value", None) for part in node.values]
            fixed = [part for part in parts if isinstance(part, str)]
            if len("".join(fixed)) > 3 and "." in "".join(fixed):
                made.append("".join(re.escape(p) if isinstance(p, str) else ".+" for p in parts))
    # of what Streamlit says by itself, and of what users name, every entry is used
    idle = [
        key
        for key in catalogue("nl")
        if "*" not in key and not key.startswith("streamlit.") and key not in whole
        and not any(re.fullmatch(pattern, key) for pattern in made)
    ]  # fmt: skip
    assert idle == []


_SHOWN = {
    "title", "header", "subheader", "caption", "markdown", "write", "info", "warning", "error",
    "success", "button", "selectbox", "slider", "radio", "text_input", "text_area", "expander",
    "popover", "tabs", "toggle", "checkbox", "multiselect", "number_input", "download_button",
    "file_uploader", "metric", "spinner", "progress", "segmented_control", "link_button", "toast",
    "date_input", "page_link", "status",
}  # fmt: skip


@pytest.mark.parametrize("path", modules("ui"), ids=lambda p: p.name)
def test_no_page_has_a_literal_text(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", "")
        if name not in _SHOWN:
            continue
        given = [
            *node.args[:1],
            *(k.value for k in node.keywords if k.arg in ("label", "help", "placeholder")),
        ]
        for value in given:
            for part in ast.walk(value):
                if isinstance(part, ast.Call):
                    break
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    assert not re.search(r"[A-Za-z]{3}", part.value), f"{path.name}: {part.value!r}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "ui" / "templates").glob("*.html")), ids=lambda p: p.name
)
def test_no_template_has_a_literal_text(path):
    text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    bare = re.sub(r"<[^>]*>", "", text)
    assert not re.search(r"[A-Za-z]{3}", bare), bare


def test_every_setting_and_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = "\n".join(
        p.read_text(encoding="utf-8") for package in PACKAGES for p in modules(package)
    )
    for variable in set(re.findall(r"LOCATIEWIJZER_[A-Z]+", code)):
        assert variable in readme, variable
    for target in ("make run", "make test", "make bench"):
        assert target in readme
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)", readme):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_nothing_speaks_of_another_place():
    forbidden = re.compile(r"/work/|/tmp/lw|opt/pypi", re.I)
    for path in ROOT.rglob("*"):
        if path.suffix not in (".py", ".md", ".toml", ".txt", ".js", ".css", ".html", ".sh", ".po"):
            continue
        if {".venv", "build", ".git"} & set(path.parts) or path.name == "test_house.py":
            continue
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_the_migrations_have_one_head_and_one_number_each():
    folder = ROOT / "store" / "migrations" / "versions"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    made = [re.search(r'^revision = "(\w+)"', text, re.M)[1] for text in texts]
    after = [re.search(r"^down_revision = (.*)$", text, re.M)[1].strip('"') for text in texts]
    assert len(set(made)) == len(made), made
    assert sorted(set(made) - set(after)) == [made[-1]], "more than one head"


def runs_alone(tree):
    """Give the names of what a page's module draws apart from it: fragments and dialogs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            drawn = [ast.unparse(one) for one in node.decorator_list]
            if any(one.startswith(("st.fragment", "st.dialog")) for one in drawn):
                yield node.name
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Call) and ast.unparse(called.func) in (
            "st.dialog",
            "st.fragment",
        ):
            yield ast.unparse(node.args[0])


def test_what_is_drawn_apart_from_its_page_tells_its_errors():
    seen = 0
    for path in modules("ui"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        for name in runs_alone(tree):
            body = functions[name].body[1 if ast.get_docstring(functions[name]) else 0 :]
            around = [ast.unparse(one.context_expr) for one in getattr(body[0], "items", [])]
            assert len(body) == 1 and "told_errors()" in around, (path, name)
            seen += 1
        # of two dialogs that are asked for at once one is shown, and no fault
        assert "st.dialog(" not in path.read_text("utf-8") or path.name == "dialog.py", path
    assert seen >= 4
