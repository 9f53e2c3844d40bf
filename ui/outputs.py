"""Page Uitvoer: what leaves the app, made for a class of readers, and made again in a year."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.loader import resource_info
from data.vocabulary import Confidentiality, ReceptionKind
from geo import layers
from reports.background import Asker, ask_nobody, background
from reports.classes import HIGHEST_VISIBLE, Audience
from reports.content import Content, Photo, content_of
from reports.council import class_of_report, council_report
from reports.council.others import MOST_CARDS
from reports.drawing.ground import MapLayers
from reports.errors import SnapshotError
from reports.file_names import file_name
from reports.outputs import OUTPUTS, Beside, Output
from reports.photos import with_photos_still_kept
from reports.provincial import (
    FILE_NAME,
    overview,
    provincial_pdf,
    provincial_xlsx,
    state_bytes,
    state_from_bytes,
)
from reports.snapshot import FILE_NAME as SNAPSHOT_FILE_NAME
from reports.snapshot import (
    Verdict,
    content_of_snapshot,
    snapshot_number,
    take_snapshot,
    verify_snapshot,
)
from reports.verified import verify_sandboxed
from scoring.balance import balance
from store.access import Action, Resource, highest_class, may
from store.attachments import photos_of, read_attachment
from store.counts import quarterly_hidden
from store.snapshots import KeptSnapshot, hand_out_snapshot, keep_snapshot, list_snapshots
from ui import links, offer, plan, session, shared
from ui.downloads import map_layers
from ui.kinds import choose_kind
from ui.map import shortened
from ui.nothing import nothing_for_readers
from ui.practice import all_examples
from ui.tables import show_table
from ui.text import date, escaped, language, named, number, t, told
from ui.turns import turn
from ui.weights import current_weights, show_state

MOST_PAGES = 25
_STATE = "balans"
_MOST_QUARTERS = 11
_GROUND_PX = 1800
_AROUND_M = 22_000.0
_PLAIN = ("plots", "kind", "q", "municipality", "state", "owner", "object", "view", "plot")


def show() -> None:
    """Show the page."""
    st.title(t("outputs.title"))
    st.caption(t("outputs.intro"))
    links.take_choice("for", [str(a) for a in Audience], str(Audience.INTERN))
    left, right = st.columns([1, 1])
    kind = choose_kind(left)
    audience = Audience(
        right.segmented_control(
            t("download.audience"),
            [str(a) for a in Audience],
            key="for",
            required=True,
            wrap=True,
            format_func=lambda value: t(f"download.audience.{value}"),
            help=t("download.audience_help"),
        )
        or Audience.INTERN
    )
    links.put("for", str(audience), str(Audience.INTERN))
    content = _content(kind, audience)
    chosen = _choose(content)
    if chosen is not None:
        plan.choose(session.candidate_plots().loc[list(chosen.plots.index)])
        _files(chosen, content, kind)
        shared.offer(kind, [str(plot_id) for plot_id in chosen.plots.index])
    actor = session.actor()
    if highest_class(actor, Action.KEEP_SNAPSHOT, None) is not None:
        # counts over the province are made by those who see all of it
        st.divider()
        _provincial()
    if may(actor, Action.KEEP_SNAPSHOT, Resource("snapshot")):
        st.divider()
        _snapshots()


def _content(kind: ReceptionKind, audience: Audience) -> Content:
    kader, _ = session.kader(kind)
    plots = session.candidate_plots()
    weights = current_weights(kader)
    return content_of(
        plots,
        session.measured(kader, HIGHEST_VISIBLE[audience]),
        weights.shares,
        audience,
        date=dt.date.today(),
        stamp=session.stamp(kind),
        plans=session.plans(),
        left=session.left(),
    )


def _choose(content: Content) -> Content | None:
    if content.plots.empty:
        nothing_for_readers()
        return None
    names = dict(
        zip(content.plots.index, shortened(content.plots["name"], language()), strict=True)
    )
    wanted = st.multiselect(
        t("outputs.which"),
        list(content.plots.index),
        default=list(content.plots.index[content.in_running[:MOST_CARDS]]),
        key=f"outputs_{content.kader.kind}_{content.audience}",
        max_selections=MOST_PAGES,
        format_func=lambda plot_id: names[plot_id],
    )
    show_state(content.kader, content.stamp.fixed_on, own=content.ranking.exploration)
    if not wanted:
        st.info(t("outputs.choose"))
        return None
    return content_of(
        content.plots.drop(columns="municipality"),
        content.ranking.measured,
        content.ranking.weights,
        content.audience,
        date=content.date,
        stamp=content.stamp,
        only=wanted,
        plans=content.plans,
        left=content.left,
        photos={
            plot_id: Photo(about)
            for plot_id, about in photos_of(
                session.store(), session.actor(), wanted, HIGHEST_VISIBLE[content.audience]
            ).items()
        },
    )


def _files(content: Content, everything: Content, kind: ReceptionKind) -> None:
    taken = _snapshot_of(content)
    stamped = replace(content, snapshot=snapshot_number(taken))
    label = content.confidentiality

    def handed_out(what: str, label: Confidentiality = label) -> None:
        # A number that is printed on a paper can be had again: the snapshot is kept with it.
        hand_out_snapshot(
            session.store(),
            session.actor(),
            number=stamped.snapshot,
            kind=str(kind),
            sha256=hashlib.sha256(taken).hexdigest(),
            content=taken,
            confidentiality=label,
        )
        shared.note_output(what, len(content.plots), label)

    # which ground is asked for tells PDOK where the plots lie
    public = label == Confidentiality.OPENBAAR
    ground = st.toggle(
        t("outputs.ground"), public, key=f"ground_{public}", help=t("outputs.ground_help")
    )
    quick = [one for one in OUTPUTS if not one.takes_long]
    with st.container(horizontal=True):
        for one in OUTPUTS:
            if one.takes_long:
                _made_first(one, stamped, everything, handed_out, ground=ground)
    with st.container(horizontal=True):
        for one in quick:
            if not one.on_ground:
                _button(one, stamped, handed_out)
    with st.container(horizontal=True):
        for one in quick:
            if one.on_ground:
                _button(one, stamped, handed_out, ground=ground)
    if content.audience == Audience.INTERN and may(
        session.actor(), Action.KEEP_SNAPSHOT, Resource("snapshot")
    ):
        _keep(stamped, taken, kind)


def _button(
    output: Output, content: Content, handed_out: Callable[[str], None], *, ground: bool = False
) -> None:
    """Offer an output that is made when it is asked for."""
    lang = language()

    def made() -> bytes:
        under = _on_ground(map_layers()) if ground else map_layers()
        found = output.make(content, Beside(lang, under))
        handed_out(output.name)
        return found

    offer.download_button(
        output.label.text(language()),
        made,
        output.file_name(content),
        key=f"get_{output.key}",
    )


def _made_first(
    output: Output,
    content: Content,
    everything: Content,
    handed_out: Callable[[str, Confidentiality], None],
    *,
    ground: bool,
) -> None:
    """Offer an output that takes long: made with a bar of progress, and had with a second click."""
    # the page that says why not the others speaks of all plots: any change of them makes it old
    asked = (content.snapshot, language(), ground, session.version())
    label = class_of_report(content, everything)
    if st.button(output.make_label.text(language()), type="primary", key=f"make_{output.key}"):
        bar = st.progress(0.0, t("outputs.busy"))

        def tell(share: float) -> None:
            bar.progress(min(share, 1.0), t("outputs.busy"))

        beside = Beside(
            language(),
            map_layers(),
            tasks=session.tasks(highest=HIGHEST_VISIBLE[content.audience]),
            examples=all_examples(),
            progress=tell,
            ask=Asker() if ground else ask_nobody,
            everything=everything,
        )
        st.session_state[f"made_{output.key}"] = (asked, output.make(_with_photos(content), beside))
        bar.empty()
        handed_out(output.name, label)
    made = st.session_state.get(f"made_{output.key}")
    if made is not None and made[0] == asked:
        offer.download_button(
            output.label.text(language()),
            lambda: made[1],
            output.file_name_of(content.kader.kind, label, content.date),
            key=f"get_{output.key}",
        )


def _on_ground(under: MapLayers) -> MapLayers:
    """Put the map of PDOK under a picture, where it can be reached."""
    west, south, east, north = under.municipalities.total_bounds
    # a picture is wider or higher than the province
    around = (west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M)
    found = background(around, _GROUND_PX)
    return under if found is None else replace(under, background=found)


def _snapshot_of(content: Content) -> bytes:
    """Take a snapshot of just this content; outputs bear its number."""
    view = {key: value for key, value in st.query_params.items() if key in _PLAIN}
    return take_snapshot(
        content.plots,
        content.ranking,
        date=content.date,
        # an address may hold what other readers may not see
        view=view if content.audience == Audience.INTERN else None,
        kader_fixed_on=content.stamp.fixed_on,
        audience=content.audience,
        plans=content.plans,
        left=content.left,
        photos=content.photos,
        tasks=session.tasks(highest=HIGHEST_VISIBLE[content.audience]),
    )


def _with_photos(content: Content) -> Content:
    """Read the photos that a content names; who reads a confidential one is noted."""
    store, actor = session.store(), session.actor()
    return replace(
        content,
        photos={
            plot_id: Photo(*read_attachment(store, actor, photo.about.id))
            for plot_id, photo in content.photos.items()
        },
    )


def _keep(content: Content, taken: bytes, kind: ReceptionKind) -> None:
    left, right = st.columns(2)
    if left.button(t("outputs.keep", number=content.snapshot), key="keep_snapshot"):
        keep_snapshot(
            session.store(),
            session.actor(),
            number=content.snapshot,
            kind=str(kind),
            sha256=hashlib.sha256(taken).hexdigest(),
            content=taken,
        )
        st.success(t("outputs.kept", number=content.snapshot))
    offer.download_button(
        t("outputs.snapshot"),
        # not made before it is asked for: what is made has an address on the server
        lambda: taken,
        file_name(SNAPSHOT_FILE_NAME, kind, content.confidentiality, content.date, "json"),
        key="get_snapshot",
        place=right,
    )


def _provincial() -> None:
    st.header(t("outputs.provincial"))
    st.caption(t("outputs.provincial_help"))
    lang, today = language(), dt.date.today()
    # The overview is public: of what users typed only what they made public goes in.
    entered, exchanges = session.figures(Confidentiality.OPENBAAR)
    kader, _ = session.kader(ReceptionKind.AZC)

    def table() -> pd.DataFrame:
        return balance(
            layers.municipalities(),
            layers.tasks(),
            layers.reception_locations(),
            session.candidate_plots(),
            kader,
            cycle=1,
            on=today,
            entered=entered,
            exchanges=exchanges,
        )

    former = _former_states()
    before = st.selectbox(
        t("outputs.before"),
        [None, *former],
        index=1 if former else 0,
        format_func=lambda s: date(s.at.date()) if s is not None else t("outputs.no_before"),
        key="state_before",
    )

    def made(maker: Callable[..., bytes]) -> bytes:
        old = None if before is None else state_from_bytes(before.content)
        hidden = quarterly_hidden(session.store(), session.actor(), today)
        found = overview(
            table(),
            session.candidate_plots(),
            date=today,
            hidden=hidden,
            before=old,
            since=None if before is None else before.at.date(),
            history=[(s.at.date(), state_from_bytes(s.content)) for s in former[:_MOST_QUARTERS]],
        )
        shared.note_output(FILE_NAME, int(found.counts["public"] or 0), Confidentiality.OPENBAAR)
        return maker(found, language=lang)

    with st.container(horizontal=True):
        for fmt, maker in (("pdf", provincial_pdf), ("xlsx", provincial_xlsx)):
            offer.download_button(
                t("outputs.provincial_get", fmt=fmt.upper()),
                functools.partial(made, maker),
                file_name(FILE_NAME, None, "openbaar", today, fmt),
                key=f"get_provincial_{fmt}",
            )
        if st.button(t("outputs.keep_state"), key="keep_state"):
            content = state_bytes(table())
            keep_snapshot(
                session.store(),
                session.actor(),
                number=f"{_STATE}-{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S}",
                kind=_STATE,
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
            )
            st.rerun()


def _former_states() -> list[KeptSnapshot]:
    """Give the states of the balance that were kept, latest first."""
    return [s for s in list_snapshots(session.store(), session.actor()) if s.kind == _STATE]


def _snapshots() -> None:
    st.header(t("outputs.snapshots"))
    st.caption(t("outputs.snapshots_help"))
    everything = list_snapshots(session.store(), session.actor())
    kept = [snapshot for snapshot in everything if snapshot.kind != _STATE]
    if kept:
        show_table(
            {
                t("outputs.number"): [s.number for s in kept],
                t("history.when"): [date(s.at.date()) for s in kept],
                t("history.who"): [s.actor for s in kept],
                t("explore.kind"): [named("ReceptionKind", s.kind) for s in kept],
            },
            label=t("outputs.snapshots"),
        )
        chosen = st.selectbox(
            t("outputs.number"), kept, format_func=lambda s: s.number, key="snapshot_chosen"
        )
        if chosen is not None:
            verify, again = st.columns(2)
            if verify.button(t("outputs.verify"), key="verify_kept"):
                _verify(chosen.content)
            _offer_again(again, chosen)
    given = st.file_uploader(t("outputs.verify_file"), key="verify_file")
    if given is not None:
        with st.spinner(t("outputs.busy")), turn() as waiting:
            _verify(given.getvalue(), functools.partial(verify_sandboxed, waiting=waiting))


def _offer_again(at: DeltaGenerator, chosen: KeptSnapshot) -> None:
    """Offer the council report of a snapshot, with the steps, answers and tasks of then."""
    report = next(output for output in OUTPUTS if output.takes_long)
    if at.button(t("outputs.again"), key="council_again"):
        again, tasks = content_of_snapshot(chosen.content)
        again = with_photos_still_kept(again, session.store(), session.actor())
        made = council_report(again, language=language(), tasks=tasks, again=True)
        st.session_state["again"] = chosen.number, report.file_name(again), made
        shared.note_output(report.name, len(again.plots), again.confidentiality)
    kept = st.session_state.get("again")
    if kept is not None and kept[0] == chosen.number:
        offer.download_button(
            report.label.text(language()), lambda: kept[2], kept[1], key="get_again", place=at
        )


def _verify(content: bytes, verify: Callable[[bytes], Verdict] = verify_snapshot) -> None:
    try:
        verdict = verify(content)
    except SnapshotError as problem:
        st.error(told(problem.message))
        return
    if verdict.newer:
        titles = ", ".join(resource_info(name).title_in(language()) for name in verdict.newer)
        st.info(t("reports.verify.newer", names=escaped(titles)))
    if verdict.erased:
        st.warning(t("reports.verify.erased"))
    if verdict.identical:
        st.success(t("reports.verify.identical", number=escaped(verdict.number)))
        return
    st.error(t("reports.verify.differs", number=escaped(verdict.number)))
    for difference in verdict.differences[:20]:
        st.markdown("- " + told(difference))
    if len(verdict.differences) > 20:
        st.caption(t("outputs.more", count=number(len(verdict.differences) - 20)))
