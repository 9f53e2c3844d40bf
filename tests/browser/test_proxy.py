"""The app behind the web server that is shipped: the real nginx, TLS, headers, and a real browser."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.browser.conftest import ROOT, free_port
from tests.browser.steps import list_rows, map_frame

pytestmark = pytest.mark.browser


@contextlib.contextmanager
def nginx_before(app, folder, changes):
    """Run the real nginx with the shipped configuration, and with changes to it, before an app."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing: run scripts/install_system_packages.sh")
        pytest.skip("nginx is missing: run scripts/install_system_packages.sh")
    port = free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-keyout", folder / "a.key", "-out", folder / "a.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    given = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for ours, here in (
        ("127.0.0.1:8501", f"127.0.0.1:{app.port}"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("locatiewijzer.example", "localhost"),
        ("/etc/ssl/locatiewijzer", str(folder / "a")),
        *changes.items(),
    ):
        assert ours in given, ours
        given = given.replace(ours, here)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; user root;\n"
        f"events {{}}\nhttp {{ include /etc/nginx/mime.types; access_log off;\n"
        f"client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"{given}\n}}\n"
    )
    checked = subprocess.run(
        [nginx, "-t", "-c", folder / "nginx.conf"], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([nginx, "-c", folder / "nginx.conf"])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"https://localhost:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def proxy(app, tmp_path_factory):
    with nginx_before(app, tmp_path_factory.mktemp("nginx"), {}) as address:
        yield address


def ask(address, **headers):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(address, headers=headers)
    return urllib.request.urlopen(request, context=context, timeout=20)


def test_headers_stand_on_every_answer_and_what_is_closed_is_closed(proxy):
    with ask(proxy) as answer:
        told = {name.lower(): value for name, value in answer.headers.items()}
    assert "frame-ancestors 'self'" in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    assert "max-age" in told["strict-transport-security"]
    assert "HttpOnly" in told["set-cookie"] and "Secure" in told["set-cookie"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"{proxy}/media/{'a' * 56}.json")
    assert refused.value.code == 404
    with ask(f"{proxy}/_stcore/health") as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"{proxy}/_stcore/metrics")
    assert refused.value.code == 403
    # another name gets no answer at all
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        ask(proxy, Host="evil.example")


def test_the_app_works_behind_it_and_nothing_breaks_its_rules(proxy, open_page):
    page, recorded = open_page(height=900, ignore_https_errors=True)
    broken = []
    page.on("console", lambda m: broken.append(m.text) if "Content Security" in m.text else None)
    page.goto(proxy)
    assert list_rows(page).count() > 5
    map_frame(page)
    page.locator(".lw-row").first.click()
    page.locator(".lw-sheet .lw-criteria").first.wait_for()
    assert broken == []
    assert recorded.elsewhere == [] and recorded.errors == []
