"""What is shipped to run it: container, compose, service, web server and the list of parts.

Containers cannot be made in these tests. Their files are read by other programs' rules, every path
and command in them is looked up, and `tests/browser/test_deployed.py` runs the same commands and
settings as processes.
"""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from compose_spec import ComposeSpecification
from dockerfile_parse import DockerfileParser
from packaging.requirements import Requirement

from tests.browser.deployed import compose, entrypoint

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NAMES = {"LOCATIEWIJZER_NAME": "site.example", "DATABASE_PASSWORD": "a", "ADMIN_PASSWORD": "b"}


@pytest.fixture(scope="module")
def steps():
    return DockerfileParser(fileobj=(DEPLOY / "Containerfile").open("rb")).structure


def test_the_container_copies_what_is_there_and_all_that_the_app_needs(steps):
    kinds = [step["instruction"] for step in steps if step["instruction"] != "COMMENT"]
    assert kinds[0] == "FROM" and kinds.count("USER") == 1
    assert kinds.index("USER") < kinds.index("ENTRYPOINT"), "not as root"
    copied = []
    for step in steps:
        if step["instruction"] == "COPY":
            *sources, target = step["value"].split()
            for source in sources:
                assert (ROOT / source).exists(), source
                assert target == "./" or target.rstrip("/") in source
                copied.append(source.strip("/"))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    packages = {name.rstrip("*") for name in settings["setuptools"]["packages"]["find"]["include"]}
    assert packages <= set(copied), "every package of the app"
    assert {"app.py", "requirements.txt", "constraints.txt", ".streamlit/config.toml"} <= set(
        copied
    )
    # and what is left out of it may be sent to it: secrets and databases may not
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert ignored[0] == "*" and {f"!{name}" for name in copied} == set(ignored[1:-1])
    assert not any("secret" in name or name.endswith((".sqlite", "var")) for name in copied)


def test_the_container_starts_a_command_that_is_there(steps):
    first = entrypoint()
    assert shutil.which(first[0], path=str(Path(sys.executable).parent)) and first[1] == "run"
    assert (ROOT / first[2]).is_file()
    known = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "--help"], capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    service = (DEPLOY / "locatiewijzer@.service").read_text("utf-8")
    started = re.search(r"^ExecStart=(.*)$", service, re.M)[1].split()
    given = {*first, *compose(**NAMES)["services"]["app1"]["command"], *started}
    options = {word.partition("=")[0] for word in given if word.startswith("--")}
    assert len(options) >= 4
    for option in options:
        assert option in known, option
    (check,) = [step["value"] for step in steps if step["instruction"] == "HEALTHCHECK"]
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"
    compile(command[2], "health", "exec")
    version = next(step["value"] for step in steps if step["instruction"] == "FROM")
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert re.search(r"python:(\d+\.\d+)", version)[1] in wanted["requires-python"]


def test_the_compose_file_is_one_and_keeps_the_instances_behind_the_proxy():
    settings = compose(**NAMES)
    ComposeSpecification.model_validate({k: v for k, v in settings.items() if k[:2] != "x-"})
    services = settings["services"]
    assert {"proxy", "app1", "app2", "database", "provider"} == set(services)
    ports = set()
    for name in ("app1", "app2"):
        app = services[name]
        assert app["network_mode"] == "service:proxy" and "ports" not in app
        assert app["read_only"] and app["cap_drop"] == ["ALL"]
        assert app["environment"]["LOCATIEWIJZER_MODE"] == "shared"
        ports.add(app["environment"]["STREAMLIT_SERVER_PORT"])
    shipped = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert {f"127.0.0.1:{port}" for port in ports} == set(re.findall(r"server (127\S+);", shipped))
    assert "ports" not in services["database"], "nor is the database open to others"
    assert services["provider"]["profiles"] == ["test"], "never by itself"
    made = (ROOT / "requirements-dev.txt").read_text("utf-8")
    assert re.search(r"oidc-provider-mock==[\d.]+", services["provider"]["command"][2])[0] in made
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./") and "certificates" not in source and "secrets" not in source:
                assert (DEPLOY / source).exists(), source
    # no password has a value of its own
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert not re.search(r"PASSWORD: (?!\$\{\w+:\?\})", text)


def test_the_service_is_one_that_systemd_takes(tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd is not here")
    unit = (DEPLOY / "locatiewijzer@.service").read_text("utf-8")
    here = unit.replace("/srv/locatiewijzer/.venv/bin/streamlit", shutil.which("true"))
    (tmp_path / "locatiewijzer@8501.service").write_text(here)
    done = subprocess.run(
        [verify, "verify", tmp_path / "locatiewijzer@8501.service"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "locatiewijzer" in line]
    assert not ours, done.stderr


def installed(names):
    """Give what is needed for requirements, with what that needs in turn: name and version."""
    found, waiting = {}, list(names)
    while waiting:
        wanted = Requirement(waiting.pop())
        key = wanted.name.lower().replace("_", "-").replace(".", "-")
        if key in found:
            continue
        package = importlib.metadata.distribution(wanted.name)
        found[key] = package.version
        for line in package.requires or []:
            needed = Requirement(line)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)
            ):
                waiting.append(line)
    return found


def test_the_list_of_parts_names_all_that_the_app_runs_on(tmp_path):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^sbom:.*?\n(?:\t.*\n)+", makefile, re.M)[0].replace("\\\n", " ")
    tool = Path(sys.executable).parents[1] / "sbom" / "bin" / "cyclonedx-py"
    if not tool.exists() and not os.environ.get("CI"):
        pytest.skip("make sbom installs the tool that lists the parts")
    command = re.search(r"cyclonedx-py (.*)$", recipe, re.M)[1]
    command = command.replace("build/sbom.json", str(tmp_path / "sbom.json"))
    command = command.replace("$(BIN)/python", sys.executable)
    subprocess.run([tool, *command.split()], check=True, cwd=ROOT, capture_output=True)
    told = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["component"]["name"] == "locatiewijzer"
    listed = {
        part["name"].lower().replace("_", "-").replace(".", "-"): part
        for part in told["components"]
    }
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    needed = installed(line for line in lines if line and not line.startswith("#"))
    assert len(needed) > 60
    for name, version in needed.items():
        assert listed[name]["version"] == version, name
        assert listed[name]["purl"].startswith("pkg:pypi/"), name
    pinned = (ROOT / "constraints.txt").read_text("utf-8").lower().replace("_", "-").split()
    missing = [
        n
        for n in needed
        if not any(
            p.startswith(f"{n}==")
            for p in (q.replace(".", "-", q.partition("==")[0].count(".")) for q in pinned)
        )
    ]
    assert missing == [], "and each is pinned"
