"""The set-up of deploy/ without containers: its nginx, its two instances, its database and a provider.

Everything is taken from the files that are shipped; only addresses and folders are those of here.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from dockerfile_parse import DockerfileParser

from tests.browser.conftest import ROOT, free_port, wait_for

DEPLOY = ROOT / "deploy"


def needed(program):
    """Find a program; where tests must be complete (CI) a missing one is an error."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if found is None:
        why = f"{program} is missing: run scripts/install_system_packages.sh"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


def compose(**variables):
    """Read the compose file with its variables filled in, as compose does."""
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    return yaml.safe_load(re.sub(r"\$\{(\w+)(?::\?)?\}", lambda found: variables[found[1]], text))


def entrypoint():
    """Give the command that the container of the app starts with."""
    parser = DockerfileParser(fileobj=(DEPLOY / "Containerfile").open("rb"))
    (found,) = (s["value"] for s in parser.structure if s["instruction"] == "ENTRYPOINT")
    return json.loads(found)


@contextlib.contextmanager
def nginx_before(ports, folder, changes=None, name="localhost", port=None):
    """Run the real nginx with the shipped configuration before instances of the app.

    Args:
        ports: of the instances; with one, the second line of the configuration is taken out.
        folder: for its files.
        changes: what else is replaced in the configuration, each of which must be in it.
        name: of the site.
        port: to listen on; a free one by default.
    """
    nginx = needed("nginx")
    port = port or free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         f"/CN={name}", "-keyout", folder / "a.key", "-out", folder / "a.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    given = (DEPLOY / "nginx.conf").read_text("utf-8")
    second = f"server 127.0.0.1:{ports[1]};" if len(ports) > 1 else ""
    for ours, here in {
        "server 127.0.0.1:8501;": f"server 127.0.0.1:{ports[0]};",
        "server 127.0.0.1:8502;": second,
        "listen 443": f"listen 127.0.0.1:{port}",
        "locatiewijzer.example": name,
        "/etc/ssl/locatiewijzer": str(folder / "a"),
        "/var/log/nginx/": f"{folder}/",
        **(changes or {}),
    }.items():
        assert ours in given, ours
        given = given.replace(ours, here)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/main.log; user root;\n"
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
    try:
        yield f"https://{name}:{port}"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def provider_of_identity():
    """Run a provider of OpenID Connect on loopback; gives its issuer."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    issuer = f"http://localhost:{port}"
    try:
        wait_for(f"{issuer}/.well-known/openid-configuration", lambda: "no provider of identity")
        yield issuer
    finally:
        process.terminate()
        process.wait()


def write_secrets(folder, issuer, redirect):
    """Write the settings of sign-in as docs/beheer.md tells."""
    (folder / ".streamlit").mkdir(exist_ok=True)
    (folder / ".streamlit" / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "{redirect}/oauth2callback"
cookie_secret = "{os.urandom(16).hex()}"
client_id = "locatiewijzer"
client_secret = "geheim"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""
    )


@dataclass
class Deployed:
    """A running set-up."""

    url: str
    issuer: str
    database: str
    folder: Path
    ports: list[int]
    processes: list[subprocess.Popen] = field(default_factory=list)

    def logs(self):
        """Give what each of its programs has logged, as text by the name of its file."""
        return {path.name: path.read_text("utf-8") for path in self.folder.glob("*.log")}


@contextlib.contextmanager
def deployed(server, folder, **extra):
    """Run the whole set-up; ``server`` is the address of a PostgreSQL server (``postgres``).

    The database and its role are made by the script that is shipped, the instances are started with
    the commands and settings of the compose file.
    """
    socket_folder = server.rpartition("host=")[2]
    made = subprocess.run(
        [DEPLOY / "database.sh"], check=False, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "PGHOST": socket_folder, "POSTGRES_USER": "tester",
             "DATABASE_PASSWORD": "wachtwoord"},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    port, ports = free_port(), [free_port(), free_port()]
    settings = compose(
        LOCATIEWIJZER_NAME="localhost", DATABASE_PASSWORD="wachtwoord", ADMIN_PASSWORD="x"
    )
    with contextlib.ExitStack() as stack:
        issuer = stack.enter_context(provider_of_identity())
        write_secrets(folder, issuer, f"https://localhost:{port}")
        database = ""
        running = []
        for name, own in zip(("app1", "app2"), ports):
            service = settings["services"][name]
            database = service["environment"]["LOCATIEWIJZER_DATABASE"].replace(
                "@database/locatiewijzer", f"@/locatiewijzer?host={socket_folder}"
            )
            environment = {
                **os.environ, "HOME": str(folder), **service["environment"],
                "LOCATIEWIJZER_DATABASE": database, "STREAMLIT_SERVER_PORT": str(own), **extra,
            }  # fmt: skip
            log = stack.enter_context((folder / f"{name}.log").open("ab"))
            process = subprocess.Popen(
                [sys.executable, "-m", *entrypoint(), *service["command"]],
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
            stack.callback(process.wait)
            stack.callback(process.kill)
            running.append(process)
        for name, own in zip(("app1", "app2"), ports):
            own_log = folder / f"{name}.log"
            wait_for(
                f"http://localhost:{own}/_stcore/health",
                lambda log=own_log: log.read_text()[-4000:],
            )
        url = stack.enter_context(nginx_before(ports, folder, port=port))
        yield Deployed(url, issuer, database, folder, ports, running)
