"""Read the photos that a snapshot names, as they are kept now."""

from __future__ import annotations

from dataclasses import replace

from reports.classes import may_see
from reports.content import Content, Photo
from store.access import Actor
from store.attachments import read_attachment
from store.database import Store
from store.errors import NotFoundError


def with_photos_still_kept(content: Content, store: Store, actor: Actor) -> Content:
    """Read the photos that a snapshot names, as they are kept now.

    One that was withdrawn, or that became less public than the readers may see, is not named any
    more, nor who made it.
    """
    photos = {}
    for plot_id, photo in content.photos.items():
        try:
            about, picture = read_attachment(store, actor, photo.about.id)
        except NotFoundError:
            continue
        if may_see(content.audience, str(about.confidentiality)):
            photos[plot_id] = Photo(about, picture)
    return replace(content, photos=photos)
