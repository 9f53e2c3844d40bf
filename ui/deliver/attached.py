"""Send who delivers a PDF or photo to the map, and keep the file with a plot if wanted."""

from __future__ import annotations

import streamlit as st

from messages import Message
from store.access import Action, may, resource_of
from store.attachments import add_attachment
from store.errors import KeepingFailedError, StoreError
from ui import done, session
from ui.deliver.files import File
from ui.text import escaped, t, told
from ui.turns import turn


def show(file: File) -> None:
    """Offer drawing, and the plots of the user to keep the file with."""
    st.info(t("attachments.draw"))
    st.button(t("attachments.draw.go"), key=f"draw_{file.sha}", on_click=_draw)
    plots, actor = session.candidate_plots(), session.actor()
    own = [
        str(plot_id)
        for plot_id, plot in plots.iterrows()
        if may(actor, Action.CHANGE_PLOTS, resource_of(plot))
    ]
    if not own:
        return
    chosen = st.selectbox(
        t("attachments.plot", file=file.name[:80]),
        own,
        index=None,
        key=f"attach_to_{file.sha}",
        format_func=lambda plot_id: str(plots.at[plot_id, "name"] or plot_id),
    )
    kept = f"attached_{file.sha}_{chosen}"
    if (
        chosen
        and kept not in st.session_state
        and st.button(t("attachments.keep"), key=f"attach_{file.sha}")
    ):
        try:
            with turn() as waiting:
                add_attachment(
                    session.store(), actor, chosen, file.main, name=file.name, waiting=waiting
                )
        except KeepingFailedError:
            raise
        except StoreError as problem:
            st.error(
                t("deliver.refused.file", file=escaped(file.name), reason=told(problem.message))
            )
            return
        st.session_state[kept] = True
        done.say(Message("attachments.kept"), [chosen])
        st.rerun()


def _draw() -> None:
    st.session_state["way"] = "drawn"
