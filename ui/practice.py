"""Page Praktijk: examples of reception that is there, with lessons and sources, and one's own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from data.translated import in_language
from data.vocabulary import Confidentiality, ReceptionKind
from geo import layers
from reports.alike import like, places_of, size_class
from store.access import Action, Resource, may
from store.practice import OwnExample, changeable_examples, own_examples, write_example
from ui import html, links, session
from ui.classes import choose_class
from ui.text import escaped, language, named, t

_SIZES = ("small", "medium", "large")
_WRITTEN = "practice_written"
"""Titles that this session kept, for the word that they are."""


def all_examples() -> pd.DataFrame:
    """Give packaged and own examples in one table, in the language of the screen."""
    packaged = layers.practice()
    english = language() == "en"
    table = pd.DataFrame(
        {
            "title": packaged["title"],
            "kind": packaged["kind"].replace({"noodopvang": "crisisnoodopvang"}),
            "municipality_code": packaged["municipality_code"],
            "place": packaged["place"],
            "size": packaged["size"],
            "what": packaged["what_en" if english else "what"],
            "lesson": packaged["lesson_en" if english else "lesson"],
            "source": packaged["source"],
            "location_id": packaged["location_id"],
            "own": False,
            "confidentiality": None,
        },
        index=packaged.index,
    )
    own = own_examples(session.store(), session.actor())
    if not own:
        return table
    rows = pd.DataFrame(
        [
            {
                "title": e.title, "kind": e.kind, "municipality_code": e.municipality_code,
                "place": e.place, "size": e.size, "what": e.what, "lesson": e.lesson,
                "source": e.source, "location_id": None, "own": True,
                "confidentiality": str(e.confidentiality),
            }
            for e in own
        ],
        index=[e.id for e in own],
    )  # fmt: skip
    return pd.concat([table, rows])


def show() -> None:
    """Show the page."""
    st.title(t("practice.title"))
    st.caption(t("practice.intro"))
    table = all_examples()
    kinds = ["", *sorted(set(table["kind"].dropna()))]
    links.take_choice("kind_of", kinds, "")
    links.take_choice("size_of", ("", *_SIZES), "")
    first, second, third = st.columns(3)
    kind = first.selectbox(
        t("explore.kind"),
        kinds,
        key="kind_of",
        format_func=lambda v: named("ReceptionKind", v) if v else t("practice.all"),
    )
    size = second.selectbox(
        t("practice.size"),
        ["", *_SIZES],
        key="size_of",
        format_func=lambda v: t(f"practice.size.{v}") if v else t("practice.all"),
    )
    text = third.text_input(t("practice.search"), key="practice_text", max_chars=100)
    links.put("kind_of", kind or "")
    links.put("size_of", size or "")
    shown = table
    if kind:
        shown = shown[shown["kind"].eq(kind)]
    if size:
        fits = [size_class(places_of(row.to_dict())) == size for _, row in shown.iterrows()]
        shown = shown[fits]
    if text.strip():
        everything = shown[["title", "place", "what", "lesson"]].fillna("").agg(" ".join, axis=1)
        shown = shown[everything.str.contains(text.strip(), case=False, regex=False)]
    if shown.empty:
        st.info(t("practice.none"))
    html.show(
        "practice.html",
        examples=[_card(row) for _, row in shown.iterrows()],
        words={key: t(f"practice.{key}") for key in ("lesson", "source", "own")},
    )
    if may(session.actor(), Action.WRITE_PRACTICE, Resource("practice")):
        _write(table)


def _card(row: Any) -> dict[str, Any]:
    def words(column: str) -> str:
        value = row[column]
        return value if isinstance(value, str) else ""

    size = words("size") if row["own"] else in_language(words("size"), language())
    return {
        "title": words("title"),
        "place": words("place"),
        "kind": named("ReceptionKind", words("kind")),
        "size": size or t("frame.unknown"),
        "what": words("what"),
        "lesson": words("lesson"),
        "source": words("source"),
        "own": bool(row["own"]),
    }


def _write(table: pd.DataFrame) -> None:
    mine = changeable_examples(session.store(), session.actor())
    own = table[table["own"] & table.index.isin(mine)]
    with st.expander(
        t("practice.write"), icon=":material/edit:", expanded=_WRITTEN in st.session_state
    ):
        written = st.session_state.get(_WRITTEN, [])
        if written:
            st.success(t("practice.saved", title=escaped(written[-1])))
        chosen = st.selectbox(
            t("practice.which"),
            ["", *own.index],
            format_func=lambda i: str(own["title"].get(i)) if i else t("practice.new"),
            key="practice_edit",
        )
        before = own.loc[chosen] if chosen else None

        def was(column: str) -> str:
            value = None if before is None else before[column]
            return value if isinstance(value, str) else ""

        kinds = [str(kind) for kind in ReceptionKind]
        towns = layers.municipality_names()
        codes = ["", *towns.index]
        # what was kept leaves an empty form: pressed twice it would be there twice
        with st.form(f"practice_{chosen}_{len(written)}", border=False):
            title = st.text_input(t("practice.field.title"), was("title"), max_chars=200)
            kind = st.selectbox(
                t("explore.kind"),
                kinds,
                index=kinds.index(was("kind")) if was("kind") in kinds else 0,
                format_func=lambda v: named("ReceptionKind", v),
            )
            town = st.selectbox(
                t("balance.column.name"),
                codes,
                index=codes.index(was("municipality_code")),
                format_func=lambda c: str(towns[c]) if c else t("frame.unknown"),
            )
            place = st.text_input(t("practice.field.place"), was("place"), max_chars=200)
            size = st.text_input(t("practice.size"), was("size"), max_chars=200)
            what = st.text_area(t("practice.field.what"), was("what"), max_chars=3000)
            lesson = st.text_area(t("practice.lesson"), was("lesson"), max_chars=3000)
            source = st.text_input(t("practice.source"), was("source"), max_chars=500)
            readers = choose_class(
                t("practice.class"), was("confidentiality") or Confidentiality.VERTROUWELIJK
            )
            if st.form_submit_button(t("practice.save"), key="save_practice"):
                write_example(
                    session.store(),
                    session.actor(),
                    OwnExample(
                        chosen or "", title.strip(), str(kind), town or None,
                        place.strip() or None, size.strip() or None, what.strip(),
                        lesson.strip(), source.strip(), readers,
                    ),
                )  # fmt: skip
                st.session_state[_WRITTEN] = [*written, title.strip()]
                st.rerun()


def alike(plot: Any, kind: str) -> None:
    """Show beside a candidate the examples most like it, and why."""
    folded = st.expander(
        t("practice.alike"), icon=":material/lightbulb:", key="alike", on_change="rerun"
    )
    if not folded.open:
        return
    found = like(plot, kind, all_examples())[:3]
    with folded:
        if not found:
            st.caption(t("practice.none_alike"))
            return
        html.show(
            "alike.html",
            examples=[
                {
                    "title": example.title,
                    "place": example.place,
                    "reasons": ", ".join(r.text(language()) for r in example.reasons),
                }
                for example in found
            ],
        )
