"""Page Verhaal: one search told step by step in a council room, large, and read only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from geo import layers
from presentation.numbers import percentage
from presentation.words import actor_words, word
from reports.classes import HIGHEST_VISIBLE, Audience
from reports.content import Content, content_of
from reports.council.decision import decision_page
from reports.council.next_steps import next_steps
from reports.council.others import MOST_CARDS, others_page
from reports.council.words import capitalised, plot_name
from reports.map_picture import map_picture
from ui import html, links, session
from ui.downloads import map_layers
from ui.kinds import choose_kind
from ui.nothing import nothing_for_readers
from ui.tables import show_table
from ui.text import escaped, language, t
from ui.weights import current_weights, state_words

STEPS = ("question", "kader", "all", "three", "why", "next")
_ROWS = 10
"""What can be read from the back of a room."""
_AUDIENCES = (str(Audience.RAAD), str(Audience.OPENBAAR))


def show() -> None:
    """Show the page: a step at a time, with the step in the address."""
    links.take_choice("step", STEPS, STEPS[0])
    links.take_choice("for", _AUDIENCES, _AUDIENCES[0])
    step = str(st.session_state["step"])
    place = STEPS.index(step)
    # another name is another step: the browser begins at its head (ui/components/browser/shell.js)
    with st.container(key=f"story-step-{step}"):
        head, kinds, readers = st.columns([1.2, 1, 1], vertical_alignment="bottom")
    with kinds:
        kind = choose_kind()
    audience = Audience(
        readers.selectbox(
            t("download.audience"),
            _AUDIENCES,
            key="for",
            format_func=lambda value: t(f"download.audience.{value}"),
        )
        or _AUDIENCES[0]
    )
    links.put("for", str(audience), _AUDIENCES[0])
    head.title(t(f"story.{step}"))
    kader, _ = session.kader(kind)
    content = content_of(
        session.candidate_plots(),
        session.measured(kader, HIGHEST_VISIBLE[audience]),
        current_weights(kader).shares,
        audience,
        date=dt.date.today(),
        stamp=session.stamp(kind),
        plans=session.plans(),
        left=session.left(),
    )
    if content.fictional:
        st.warning(t("reports.fiction"))
    if content.plots.empty:
        nothing_for_readers()
        return
    _BODIES[step](content)
    back, count, onward = st.columns([1, 2, 1])
    if place and back.button(t("story.back"), key="story_back", width="stretch"):
        _go(place - 1)
    count.progress((place + 1) / len(STEPS), t("story.step", step=place + 1, steps=len(STEPS)))
    last = place == len(STEPS) - 1
    if not last and onward.button(t("story.on"), key="story_on", type="primary", width="stretch"):
        _go(place + 1)


def _go(place: int) -> None:
    st.session_state["step"] = STEPS[place]
    links.put("step", STEPS[place], STEPS[0])
    st.rerun()


def _say(key: str, **values: Any) -> str:
    return t(f"reports.council.{key}", **values)


def _first_page(content: Content, pictures: dict[str, bytes]) -> dict[str, Any]:
    tasks = session.tasks(highest=HIGHEST_VISIBLE[content.audience])
    return decision_page(content, tasks, _say, language(), pictures)


def _question(content: Content) -> None:
    told = _first_page(content, {})
    question, lead, title, note = (
        escaped(str(told[key])) for key in ("question", "lead", "tasks_title", "tasks_note")
    )
    st.header(question)
    st.markdown(f"### {lead}")
    if told["tasks"]:
        st.subheader(title)
        columns = zip(told["tasks_columns"], zip(*told["tasks"], strict=True), strict=True)
        st.table({name: list(values) for name, values in columns})
        st.caption(note)


def _kader(content: Content) -> None:
    st.markdown(f"### {t('story.kader_words')}")
    for group, share in content.kader.group_weights.items():
        weight = sum(content.ranking.weights[c.key] for c in content.criteria if c.group == group)
        if not weight and not share:
            continue
        criteria = ", ".join(
            f"{t(f'scoring.criterion.{c.key}')} "
            f"({percentage(content.ranking.weights[c.key], language())})"
            for c in content.criteria
            if c.group == group and content.ranking.weights[c.key] > 0
        )
        name = word("CriterionGroup", str(group), language())
        st.markdown(f"**{capitalised(name)}: {percentage(weight, language())}**")
        st.progress(min(weight, 1.0))
        st.caption(criteria)
    st.markdown(
        escaped(state_words(content.kader, content.stamp.fixed_on, own=content.ranking.exploration))
    )


def _all(content: Content) -> None:
    st.image(
        map_picture(content, map_layers(), language=language()), alt=t("story.all"), width="stretch"
    )


def _three(content: Content) -> None:
    pictures: dict[str, bytes] = {}
    cards = _first_page(content, pictures)["cards"]
    for column, card in zip(st.columns(len(cards)), cards, strict=True):
        column.image(pictures[card["map"]], alt=str(card["map_alt"]), width="stretch")
        rank, low = int(card["rank"]), float(card["low"])
        title, where, places, score = (
            escaped(str(card[key])) for key in ("name", "where", "places", "total")
        )
        column.subheader(f"{rank}. {title}")
        column.markdown(f"{where}  \n**{places}**")
        column.progress(low / 100, t("story.score", score=score))
        for name, *words in card["lines"]:
            column.markdown(f"**{name}** {escaped(' '.join(words))}")


def _why(content: Content) -> None:
    told = others_page(content, min(MOST_CARDS, len(content.plots)), _say, language())
    columns = zip(told["columns"], zip(*told["rows"][:_ROWS], strict=True), strict=True)
    show_table(dict(columns), label=t("story.why"), right=told["columns"][:1], sentences=True)
    st.caption(escaped(str(told["lead"])))
    if len(content.plots) > _ROWS:
        st.caption(_say("others_more", count=len(content.plots) - _ROWS))


def _next(content: Content) -> None:
    told = _first_page(content, {})
    left, right = st.columns(2, gap="large")
    # the step itself is called what the first page calls this list
    for number, words in enumerate(told["asked"], start=1):
        left.markdown(f"### {number}. {words}")
    is_not, words_of = (str(told[key]) for key in ("not_title", "not"))
    right.markdown(f"### {is_not}")
    right.markdown(words_of)
    towns = layers.municipalities()["name"]
    first = content.plots.iloc[content.in_running[0]]
    actor = actor_words(first.get("next_actor"), language()) or t("frame.unknown")
    left.markdown(
        t("story.actor", town=escaped(str(towns.get(first["municipality_code"], ""))),
          who=escaped(actor[:80]))
    )  # fmt: skip
    for place in content.in_running[:MOST_CARDS]:
        steps = next_steps(content, place, _say, language())
        if steps is not None:
            name = plot_name(content, place, language())
            st.subheader(f"{content.ranks[place]}. {escaped(name)}")
            html.show("steps.html", **steps)


_BODIES = {
    "question": _question,
    "kader": _kader,
    "all": _all,
    "three": _three,
    "why": _why,
    "next": _next,
}
