"""Whatever two users do after each other, history explains the state and all can be taken back."""

import random

import pytest

from store.access import LOCAL_USER, Actor, Role
from store.database import open_store
from store.deliveries import confirm_delivery, list_deliveries, undo_delivery
from store.errors import NotFoundError, UndoBlockedError
from store.plots import change_plot, list_plots, plot_history, restore_plot
from tests.store.test_store import some_plots

OFFICER = Actor("officer", Role.GEMEENTE, "GM0310")
USERS = (LOCAL_USER, OFFICER)
NAMES = ("Brink", "Dorpshuis", "Weiland")


class Told:
    """What is expected, kept by the test alone: for each plot what was done and still holds."""

    def __init__(self):
        self.holds = {}  # plot → [(delivery or None, name)]
        self.names = {}  # plot → the name that each version of its history gave it
        self.open = {}  # delivery → its plots

    def name(self, plot):
        return self.holds[plot][-1][1] if self.holds.get(plot) else None

    def past(self, plot):
        self.names.setdefault(plot, []).append(self.name(plot))

    def by_hand(self, plot, name):
        places = [i for i, (_, held) in enumerate(self.holds.setdefault(plot, [])) if held == name]
        if places:
            self.holds[plot] = self.holds[plot][: places[-1] + 1]
        else:
            self.holds[plot].append((None, name))
        self.past(plot)

    def delivered(self, number, names):
        self.open[number] = list(names)
        for plot, name in names.items():
            self.holds.setdefault(plot, []).append((number, name))
            self.past(plot)

    def in_the_way(self, number):
        later, hand = set(), set()
        for plot in self.open[number]:
            makers = [maker for maker, _ in self.holds[plot]]
            if number in makers:
                above = makers[makers.index(number) + 1 :]
                later |= {maker for maker in above if maker is not None}
                hand |= {plot} if None in above else set()
        return later, hand

    def undone(self, number):
        for plot in self.open.pop(number):
            if self.holds[plot] and self.holds[plot][-1][0] == number:
                self.holds[plot].pop()
                self.past(plot)


def look(store, told):
    """Compare what is kept with what is expected, and with what its history says."""
    there = list_plots(store, LOCAL_USER)["name"].to_dict()
    assert there == {plot: told.name(plot) for plot in told.holds if told.name(plot) is not None}
    for plot, expected in told.names.items():
        name, said = None, []
        for version, entry in enumerate(plot_history(store, LOCAL_USER, plot), start=1):
            assert entry.version == version
            if entry.removed:
                name = None
            elif "name" in entry.changes:
                assert entry.changes["name"][0] == name or entry.changes["name"][0] is None
                name = entry.changes["name"][1]
            said.append(name)
        assert said == expected, "history tells another tale"


def deliver(store, user, plots, told):
    number = confirm_delivery(
        store, user, plots, file_name="a.gpkg", file_sha256="f" * 64, report=[], columns={},
        municipality_code="GM0310",
    )  # fmt: skip
    told.delivered(number, plots["name"].to_dict())


def try_undo(store, user, number, told):
    later, hand = told.in_the_way(number)
    if not later and not hand:
        undo_delivery(store, user, number, reason="terug")
        told.undone(number)
        return None
    with pytest.raises(UndoBlockedError) as refused:
        undo_delivery(store, user, number, reason="terug")
    assert set(refused.value.deliveries) == later
    assert set(refused.value.by_hand) == hand
    words = refused.value.message.text("nl")
    assert ("Draai eerst terug" in words) == bool(later) and (
        "met de hand" in words.lower()
    ) == bool(hand)
    return refused.value


def take_back(store, user, number, told):
    """Follow what the refusals say until a delivery is taken back."""
    while (blocked := try_undo(store, user, number, told)) is not None:
        for one in blocked.deliveries:
            if one in told.open:
                take_back(store, user, one, told)
        if not blocked.deliveries:
            for plot, version in blocked.by_hand.items():
                restore_plot(store, user, plot, version, reason="zoals de weigering zegt")
                told.by_hand(plot, told.names[plot][version - 1])


def walk(store, chance, steps):
    told = Told()
    pool = some_plots(5, seed=chance.randrange(1000)).assign(municipality_code="GM0310")
    deliver(store, LOCAL_USER, pool.iloc[:2], told)
    for _ in range(steps):
        user = chance.choice(USERS)
        known = [plot for plot in told.names if told.name(plot) is not None]
        match chance.choice(("deliver", "update", "edit", "edit", "undo", "undo", "restore")):
            case "deliver" | "update":
                some = pool.sample(chance.randint(1, 3), random_state=chance.randrange(1000))
                deliver(
                    store, user, some.assign(name=[chance.choice(NAMES) for _ in some.index]), told
                )
            case "edit" if known:
                plot, name = chance.choice(known), chance.choice(NAMES)
                change_plot(store, user, plot, {"name": name}, reason="bezoek")
                told.by_hand(plot, name)
            case "undo":
                number = chance.choice(
                    [*told.open, *(d.number for d in list_deliveries(store, user))]
                )
                if number in told.open:
                    try_undo(store, user, number, told)
                else:
                    with pytest.raises(NotFoundError):
                        undo_delivery(store, user, number, reason="nog eens")
            case "restore":
                plot = chance.choice(list(told.names))
                version = chance.randint(1, len(told.names[plot]))
                name = told.names[plot][version - 1]
                if name is None:
                    with pytest.raises(NotFoundError):
                        restore_plot(store, user, plot, version, reason="terug")
                else:
                    restore_plot(store, user, plot, version, reason="terug")
                    told.by_hand(plot, name)
        look(store, told)
    # in an order that nobody planned, every delivery can be taken back
    numbers = list(told.open)
    chance.shuffle(numbers)
    for number in numbers:
        if number in told.open:
            take_back(store, chance.choice(USERS), number, told)
            look(store, told)
    assert not told.open
    assert all(d.undone_at is not None for d in list_deliveries(store, LOCAL_USER))


@pytest.mark.parametrize("seed", range(4))
def test_history_explains_the_state_and_every_delivery_can_be_taken_back(any_database, seed):
    store = open_store(any_database)
    try:
        walk(store, random.Random(seed), steps=25)
    finally:
        store.close()


def test_an_undo_by_two_at_once_happens_once(any_database):
    from concurrent.futures import ThreadPoolExecutor

    store, told = open_store(any_database), Told()
    deliver(store, OFFICER, some_plots(2).assign(municipality_code="GM0310"), told)

    def undo(user):
        try:
            return undo_delivery(store, user, 1, reason="samen")
        except NotFoundError:
            return 0

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(undo, USERS)) == [0, 2]
    told.undone(1)
    look(store, told)
    store.close()
