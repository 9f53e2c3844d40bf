"""What a browser may keep: a file whose address changes with what is in it, and nothing else."""

import shutil

import pytest
from starlette.responses import PlainTextResponse

from tests.ui.test_shell import answered
from ui import kept, shell

NAME = "/component/ui.components.browser_files"
VERSION = kept.version_of(kept.BROWSER_FOLDER)


async def streamlit(scope, receive, send):
    """Answer with the path that was asked for, as Streamlit does: to keep or not is not said."""
    there = "gone" not in scope["path"]
    headers = {"cache-control": "public"}
    await PlainTextResponse(scope["path"], 200 if there else 404, headers)(scope, receive, send)


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        (f"{NAME}/@{VERSION}/panel.js", f"{NAME}/panel.js", kept.KEEP),
        # asked by a page of before: what it gets is of now, and is not kept under that address
        (f"{NAME}/@{'0' * 16}/panel.js", f"{NAME}/panel.js", kept.LOOK),
        (f"{NAME}/@{VERSION}/gone.js", f"{NAME}/gone.js", "public"),
        (f"{NAME}/@{VERSION}/../x.py", f"{NAME}/../x.py", kept.KEEP),
        ("/component/ui.components.made_files/04bbad1a640fb328.bin", None, kept.KEEP),
        ("/component/streamlit_folium.st_folium/static/js/main.521860b0.js", None, kept.KEEP),
        ("/component/streamlit_folium.st_folium/index.html", None, "public"),
        (f"{NAME}/panel.js", None, "public"),
        ("/media/04bbad1a640fb328.pdf", None, "public"),
    ],
)
def test_a_file_is_kept_when_its_address_changes_with_it(path, asked, said):
    _, headers, text = answered(kept.Kept(streamlit), path)
    assert (text, headers["cache-control"]) == (asked or path, said)


def test_a_change_in_any_file_is_another_address_of_all(tmp_path):
    folder = tmp_path / "browser"
    shutil.copytree(kept.BROWSER_FOLDER, folder)
    kept.version_of.cache_clear()
    assert kept.version_of(folder) == VERSION
    (folder / "engine.js").write_text("export const changed = 1;\n")
    kept.version_of.cache_clear()
    assert kept.version_of(folder) != VERSION


def test_the_script_of_the_shell_is_kept_under_the_address_that_the_page_names():
    page = answered(shell.Shell(PlainTextResponse("")), "/lw-shell.js", VERSION.encode())
    assert page[1]["cache-control"] == kept.KEEP
    old = answered(shell.Shell(PlainTextResponse("")), "/lw-shell.js")
    assert old[1]["cache-control"] == kept.LOOK
    assert f'src="/lw-shell.js?{VERSION}"' in shell.with_shell(
        '<html lang="en"><body><div id="root"></div></body></html>', "nl"
    )
