"""Front door of Locatiewijzer: what is asked passes the guard before it reaches the pages."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ui import log, told, unsent
from ui.guard import Guard
from ui.kept import Kept
from ui.shell import Shell
from ui.warm import warmed

log.begin()
unsent.keep_unsent()
app = st.App(
    "ui/front.py",
    lifespan=warmed,
    middleware=[
        Middleware(
            TrustedHostMiddleware,
            allowed_hosts=list(st.get_option("server.allowedHosts")) or ["*"],
            www_redirect=False,
        ),
        Middleware(Guard),
        Middleware(Shell),
        Middleware(Kept),
    ],
    on_script_error=told.tell,
)
