"""The bar in time stands where the calendar says, and holds only what its readers may see."""

import datetime as dt
import io
import json
import subprocess

import pikepdf
import pytest

from data.vocabulary import Confidentiality
from messages import text
from reports.content import content_of
from reports.council import council_report
from reports.council.next_steps import answer_words, next_steps
from store.records import Answer, Plan, Step

TODAY = dt.date(2027, 1, 1)
YEAR = Step("Bouw", "COA", dt.date(2027, 1, 1), dt.date(2027, 12, 1))
DECIDES = Step("SECRETSTEP besluit", "raad", dt.date(2027, 7, 1), council=True)


def say(key, **values):
    return text(f"reports.council.{key}", "nl", **values)


def content_with(plots, measured, plan, audience="intern"):
    return content_of(plots, measured, None, audience, date=TODAY, plans={plan.plot_id: plan})


def told(plots, measured, *steps):
    public = str(plots.query("confidentiality == 'openbaar'").index[0])
    content = content_with(plots, measured, Plan(public, steps))
    return next_steps(content, list(content.plots.index).index(public), say, "nl")


def test_a_step_lies_where_the_calendar_says(plots, measured):
    found = told(plots, measured, YEAR, DECIDES, Step("ooit"))
    year, decides, some_day = found["rows"]
    assert (year["begin"], year["end"], found["today"]) == (0, 1, 0)
    # July begins 181 days into 2027 and August 212
    assert decides["begin"] == pytest.approx(181 / 365, abs=1e-3)
    assert decides["end"] == pytest.approx(212 / 365, abs=1e-3)
    assert decides["council"] == "raad beslist hier" and not year["council"]
    assert decides["when"] == "jul 2027" and year["when"] == "jan 2027 – dec 2027"
    assert some_day["begin"] == -1 and some_day["when"] == "nog niet bekend"
    assert [tick["words"] for tick in found["ticks"]] == [
        *("jan 2027", "apr 2027", "jul 2027", "okt 2027")
    ]


def test_the_day_of_today_lies_among_steps_that_are_past_and_to_come(plots, measured):
    before = Step("toen", begins=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 1))
    found = told(plots, measured, before, YEAR)
    assert found["today"] == pytest.approx(0.5, abs=0.001)
    assert [row["past"] for row in found["rows"]] == [True, False]


@pytest.mark.parametrize("years", [1, 3, 40, 900])
def test_ticks_of_any_span_do_not_run_into_each_other(plots, measured, years):
    far = Step("ver", begins=dt.date(2027, 1, 1), ends=dt.date(2026 + years, 12, 1))
    at = [tick["at"] for tick in told(plots, measured, far)["ticks"]]
    assert len(at) >= 2 and min(b - a for a, b in zip(at, at[1:], strict=False)) > 0.09


def test_an_answer_names_its_source_and_an_open_question_who_finds_out():
    full = Answer("costs", "4 ton", "x", "begroting", dt.date(2026, 10, 1))
    assert answer_words(full, say, "nl") == "4 ton (begroting, 1 oktober 2026)"
    assert answer_words(Answer("costs", "4 ton"), say, "nl") == "4 ton (zonder bron)"
    assert (
        answer_words(Answer("costs", who="wethouder"), say, "nl")
        == "nog niet bekend; wethouder zoekt het uit"
    )
    assert answer_words(Answer("costs"), say, "nl") == ""


@pytest.mark.parametrize(
    ("audience", "confidentiality", "seen"),
    [
        ("intern", "vertrouwelijk", True),
        ("raad", "vertrouwelijk", False),
        ("raad", "gedeeld", True),
        ("openbaar", "gedeeld", False),
        ("openbaar", "openbaar", True),
    ],
)
def test_the_report_holds_the_steps_that_its_readers_may_see(
    plots, measured, tmp_path, audience, confidentiality, seen
):
    public = str(plots.query("confidentiality == 'openbaar'").index[0])
    hostile = Step(
        "#let x = $y$ \u202e\U0001f3e0 " + "lang " * 500, "مرحبا " * 99, dt.date(2027, 2, 1)
    )
    plan = Plan(
        public,
        (DECIDES, *[hostile] * 7),
        (Answer("safety", "SECRETANSWER $x$ " * 60),),
        Confidentiality(confidentiality),
    )
    content = content_of(
        plots, measured, None, audience, date=TODAY, only=[public], plans={public: plan}
    )
    made = council_report(content)
    path = tmp_path / "report.pdf"
    path.write_bytes(made)
    words = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    with pikepdf.open(io.BytesIO(made)) as opened:
        attached = opened.attachments["data.json"].get_file().read_bytes().decode()
        pages = len(opened.pages)
    assert pages <= 1 + 6
    for secret in ("SECRETSTEP", "SECRETANSWER"):
        assert (secret in words) is seen and (secret in attached) is seen, secret
    assert bool(json.loads(attached)["plots"][0]["steps"]) is seen
    rank = list(Confidentiality).index
    if seen:
        assert rank(content.confidentiality) >= rank(Confidentiality(confidentiality))
