"""What a link shows: the shared plots and nothing else, read only, also on a telephone."""

from __future__ import annotations

import datetime as dt

import numpy as np
import streamlit as st

from data.vocabulary import Confidentiality, ReceptionKind
from geo import layers
from presentation.numbers import bounds, percentage
from reports.classes import Audience
from reports.content import content_of
from reports.council.words import measured_words, reason_words
from reports.drawing.cards import places_words
from scoring.explain import reasons
from scoring.indicators import measure
from scoring.ranking import score_sheet
from store.audit import record
from store.errors import NotFoundError
from store.shares import READER, make_share, shared_plots
from ui import session
from ui.map import ONE_COLOUR, build_payload, live_map, show_map
from ui.tables import show_table
from ui.text import date, escaped, language, named, t, told
from ui.told import told_errors

PARAMETER = "share"
_MADE = "_made_link"
_EVERY_S = 10.0
_AUDIENCES = {Confidentiality.OPENBAAR: Audience.OPENBAAR, Confidentiality.GEDEELD: Audience.RAAD}


def show(secret: str) -> None:
    """Show the plots of a link.

    Raises:
        NotFoundError: the link does not work.
    """
    try:
        share, plots = shared_plots(session.store(), secret)
    except NotFoundError:
        session.note_refusal("share", READER)
        raise
    kind = ReceptionKind(share.kind)
    kader, _ = session.kader(kind)
    audience = _AUDIENCES[share.confidentiality]
    measured = measure(plots, kader, session.surroundings(share.confidentiality))
    content = content_of(plots, measured, None, audience, date=dt.date.today())
    _look_again(secret)
    st.title(named("ReceptionKind", str(kind)))
    st.caption(t("share.about", name=escaped(share.name), until=date(share.expires_at.date())))
    if content.fictional:
        st.warning(t("reports.fiction"))
    payload = build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations().iloc[:0],
        facilities=layers.facilities().iloc[:0],
        plots=content.plots,
        shades={},
        lang=language(),
        initial=ONE_COLOUR,
        fit=True,
    )
    show_map(live_map(payload, f"{session.channel()}-share"), key="share-map", height=340)
    ranking = content.ranking
    for place, plot_id in enumerate(content.plots.index):
        plot = content.plots.iloc[place]
        st.header(f"{content.ranks[place]}. {escaped(str(plot['name'] or ''))[:90]}")
        low, high = float(ranking.lower[place]), float(ranking.upper[place])
        where = (
            plot["municipality"] if isinstance(plot["municipality"], str) else t("frame.unknown")
        )
        st.markdown(
            t(
                "share.head",
                town=escaped(where),
                places=places_words(content.places[place], language()),
                score=bounds(float(np.floor(low)), float(np.ceil(high)), language()),
            )
        )
        for line in content.limits_of(str(plot_id)):
            st.markdown(
                f"**{named('LimitOutcome', str(line.outcome))}**: {told(line.reason)} "
                f"{told(line.lifted_by)}"
            )
        sheet = score_sheet(ranking.measured, ranking, str(plot_id))
        favour, against, _ = reasons(ranking, place)
        for side, keys in (("for", favour), ("against", against)):
            said = [escaped(words) for words in reason_words(sheet.rows, keys, language())]
            if said:
                st.markdown(f"**{t(f'reports.council.{side}')}**: " + "; ".join(said))
        with st.expander(t("share.all_criteria")):
            show_table(
                {
                    t("reports.council.column_criterion"): [
                        t(f"scoring.criterion.{row.criterion.key}") for row in sheet.rows
                    ],
                    t("share.measured"): [measured_words(row, language()) for row in sheet.rows],
                    t("reports.council.column_score"): [
                        bounds(round(100 * row.score_low), round(100 * row.score_high), language())
                        for row in sheet.rows
                    ],
                    t("reports.council.column_weight"): [
                        percentage(row.weight, language()) for row in sheet.rows
                    ],
                },
                label=t("share.all_criteria"),
            )


@st.fragment(run_every=_EVERY_S)
def _look_again(secret: str) -> None:
    """Empty the page where the link was revoked or has ended while it stood open."""
    with told_errors():
        try:
            shared_plots(session.store(), secret)
        except NotFoundError:
            st.rerun()


def offer(kind: ReceptionKind, plot_ids: list[str]) -> None:
    """Offer to share plots by a link."""
    with st.expander(t("share.title"), icon=":material/link:"):
        st.caption(t("share.help"))
        with st.form("share_form", border=False):
            name = st.text_input(t("share.name"), max_chars=120)
            classes = [Confidentiality.GEDEELD, Confidentiality.OPENBAAR]
            confidentiality = st.selectbox(
                t("share.class"), classes, format_func=lambda c: named("Confidentiality", str(c))
            )
            days = st.number_input(t("share.days"), 1, 180, 14)
            pressed = st.form_submit_button(t("share.make"), key="make_share")
        if pressed:
            secret = make_share(
                session.store(),
                session.actor(),
                name=name,
                kind=str(kind),
                plot_ids=plot_ids,
                confidentiality=confidentiality,
                days=int(days),
            )
            st.session_state[_MADE] = (kind, plot_ids), secret
        made = st.session_state.get(_MADE)
        if made is not None and made[0] == (kind, plot_ids):
            # kept nowhere else: it stays in sight, whatever else is done on the page
            st.success(t("share.made"))
            here = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
            st.code(f"{here}/?{PARAMETER}={made[1]}", language=None)


def note_output(what: str, count: int, confidentiality: Confidentiality) -> None:
    """Write in the audit that an output was made, of which class, with how many plots."""
    record(
        session.store(), session.actor(), "output", what,
        {"plots": count, "class": str(confidentiality)},
    )  # fmt: skip
