"""Photos and documents of a plot: stripped, bounded, and only for who may see them."""

import contextlib
import datetime as dt
import io

import pytest
from PIL import Image

from data.vocabulary import Confidentiality
from store import tables
from store.access import LOCAL_USER, Action, Resource, may
from store.attachments import (
    add_attachment,
    list_attachments,
    photos_of,
    read_attachment,
    withdraw_attachment,
)
from store.audit import entries
from store.database import open_store
from store.erasure import erase_plot
from store.errors import AccessDeniedError, NotFoundError, StoreError
from store.photo import MAX_SIDE_PIXELS
from store.plots import list_plots
from tests.store.test_access import ACTORS, deliver, nine

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    deliver(opened, LOCAL_USER, nine())
    yield opened
    opened.close()


def photo(form="JPEG", size=(3000, 1500)):
    """A photo that says where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x010F] = "GEHEIM TOESTEL"
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 30.0)
    kept = io.BytesIO()
    Image.new("RGB", size, "green").save(kept, form, exif=exif)
    return kept.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_without_where_and_how_it_was_taken(store, form):
    given = photo(form)
    assert b"GEHEIM" in given
    key = add_attachment(store, LOCAL_USER, "plek00", given, name="foto.pdf")
    found, content = read_attachment(store, LOCAL_USER, key)
    assert found.media_type == "image/jpeg" and found.confidentiality == "vertrouwelijk"
    opened = Image.open(io.BytesIO(content))
    assert not opened.getexif() and b"GEHEIM" not in content and b"Exif" not in content
    # upright, and no larger than is needed
    assert opened.height == MAX_SIDE_PIXELS == 2 * opened.width
    assert opened.convert("RGB").getpixel((5, 5))[1] > 120


@pytest.mark.parametrize(
    "content",
    [b"GIF89a" + b"\0" * 50, b"<svg/>", photo()[:600], b"", b"PK\x03\x04", b"%PD"],
)
def test_what_is_neither_photo_nor_pdf_is_refused(store, content):
    with pytest.raises(StoreError, match="photo"):
        add_attachment(store, LOCAL_USER, "plek00", content, name="foto.jpg")
    assert list_attachments(store, LOCAL_USER, "plek00") == []


def test_too_many_pixels_or_bytes_are_refused(store):
    small = io.BytesIO()
    Image.new("1", (30_000, 10_000)).save(small, "PNG")
    for content in (small.getvalue(), b"%PDF-" + b"0" * 15_000_000):
        with pytest.raises(StoreError):
            add_attachment(store, LOCAL_USER, "plek00", content, name="a")


@pytest.mark.parametrize("who", ACTORS)
def test_each_role_sees_and_changes_what_the_plot_and_the_class_allow(store, who):
    plots = nine()
    actor = ACTORS[who]

    for plot_id, row in plots.iterrows():
        for value in Confidentiality:
            key = add_attachment(
                store, LOCAL_USER, plot_id, PDF, name=f"{value}", confidentiality=value
            )
            classes = (value, Confidentiality(row["confidentiality"]))
            higher = min(classes, key=("vertrouwelijk", "gedeeld", "openbaar").index)
            thing = Resource("attachment", higher, row["municipality_code"])
            if may(actor, Action.READ_PLOTS, thing):
                assert read_attachment(store, actor, key)[1] == PDF
                assert key in {one.id for one in list_attachments(store, actor, plot_id)}
            else:
                with pytest.raises(NotFoundError):
                    read_attachment(store, actor, key)
                with contextlib.suppress(NotFoundError):
                    assert key not in {one.id for one in list_attachments(store, actor, plot_id)}
            if not may(actor, Action.CHANGE_PLOTS, thing):
                with pytest.raises((NotFoundError, AccessDeniedError)):
                    withdraw_attachment(store, actor, key)
                with pytest.raises((NotFoundError, AccessDeniedError)):
                    add_attachment(
                        store, actor, plot_id, PDF, name="van mij", confidentiality=higher
                    )
            else:
                withdraw_attachment(store, actor, key)
                with pytest.raises(NotFoundError):
                    read_attachment(store, LOCAL_USER, key)


def test_deeds_are_in_the_audit_and_erasing_a_plot_takes_its_attachments(store):
    key = add_attachment(store, LOCAL_USER, "plek00", PDF, name="brief", credit="mevrouw De Vries")
    other = add_attachment(store, LOCAL_USER, "plek01", PDF, name="brief")
    read_attachment(store, LOCAL_USER, key)
    erase_plot(store, LOCAL_USER, "plek00")
    withdraw_attachment(store, LOCAL_USER, other)
    with store.transaction() as connection:
        assert connection.execute(tables.attachments.select()).all() == []
    deeds = [entry.action for entry in entries(store, LOCAL_USER)]
    for deed in ("add_attachment", "read_attachment", "withdraw_attachment"):
        assert deed in deeds


def test_the_latest_photo_of_each_plot_is_given_as_far_as_the_readers_may_see_it(store):
    def add(made_on, confidentiality, content=None, plot="plek00"):
        day = dt.date.fromisoformat(made_on)
        return add_attachment(
            store, LOCAL_USER, plot, content or photo(size=(40, 20)), name="f", made_on=day,
            confidentiality=Confidentiality(confidentiality),
        )  # fmt: skip

    public = list_plots(store, LOCAL_USER).query("confidentiality == 'openbaar'").index[0]
    old = add("2024-05-01", "openbaar", plot=public)
    new = add("2026-05-01", "openbaar", plot=public)
    shared = add("2027-05-01", "gedeeld", plot=public)
    secret = add("2028-05-01", "vertrouwelijk", plot=public)
    add("2029-05-01", "openbaar", PDF, public)
    latest = {"openbaar": new, "gedeeld": shared, "vertrouwelijk": secret}
    for highest, wanted in latest.items():
        found = photos_of(store, LOCAL_USER, [public, "nergens"], Confidentiality(highest))
        assert {plot: one.id for plot, one in found.items()} == {public: wanted}, highest
    assert old != new
    for actor in ACTORS.values():
        for key in photos_of(store, actor, [public], Confidentiality.VERTROUWELIJK).values():
            # what is given may be read one by one too
            assert read_attachment(store, actor, key.id)[0] == key
