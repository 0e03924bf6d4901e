"""Two pages of one draft: nobody's answer is replaced by a page that never showed it, whatever the line does."""

from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.drafts.merging import Clash, Page, Theirs
from registry.drafts.operations import Saved, save_answers
from registry.drafts.questions import Answer
from registry.provider_entries.models import ProviderEntry
from tests.entry_factories import Desk, lay_out_terms, make_entry
from tests.factories import NOW, make_organisation, make_site

KEYS = ("area", "hours", "phone", "contact")


@pytest.fixture
def desk(session: Session) -> Desk:
    lay_out_terms(session)
    return Desk(session, make_site(session, make_organisation(session)))


@pytest.fixture
def entry(session: Session, desk: Desk) -> ProviderEntry:
    site = make_site(session, make_organisation(session))
    site.organisation_id = desk.own.organisation_id
    session.flush()
    session.refresh(site)
    return make_entry(session, site, answers={"area": "100", "hours": "上午"})


@dataclass
class Window:
    """A page in a browser: it sends all its fields, also those that are older than the register."""

    session: Session
    entry: ProviderEntry
    desk: Desk
    key: str
    fields: dict[str, Answer] = field(default_factory=dict)
    found: dict[str, Answer] = field(default_factory=dict)
    turn: int = 0
    version: int = 0
    shown: dict[str, set[str]] = field(default_factory=dict)
    """What the person at this page has seen of each answer, and typed there."""

    def __post_init__(self) -> None:
        self.fields = {key: self.entry.answers.get(key, "") for key in KEYS}
        self.found, self.version = dict(self.fields), self.entry.version
        self.shown = {key: {str(answer)} for key, answer in self.fields.items()}

    def type(self, **typed: str) -> None:
        self.fields |= typed
        for key, word in typed.items():
            self.shown[key].add(word)

    def send(self) -> "Sent":
        self.turn += 1
        page = Page(dict(self.found), self.key, self.turn)
        return Sent(self, dict(self.fields), page, self.version)

    def take(self, saved: Saved) -> None:
        """What the script of the page does with the reply."""
        clashed = {clash.key for clash in saved.clashes}
        for key in KEYS:
            if key not in clashed:
                self.fields[key] = self.found[key] = self.entry.answers.get(key, "")
                self.shown[key].add(str(self.found[key]))
        self.version = saved.version

    def save(self, **typed: str) -> Saved:
        self.type(**typed)
        saved = self.send().arrive()
        self.take(saved)
        return saved


@dataclass
class Sent:
    """A save on its way."""

    window: Window
    fields: dict[str, Answer]
    page: Page
    base: int

    def arrive(self) -> Saved:
        one = self.window
        return save_answers(
            one.session, one.entry, self.fields, base=self.base, actor=one.desk.own, at=NOW, page=self.page
        )


@pytest.fixture
def mine(session: Session, entry: ProviderEntry, desk: Desk) -> Window:
    return Window(session, entry, desk, "m" * 32)


@pytest.fixture
def hers(session: Session, entry: ProviderEntry, desk: Desk) -> Window:
    return Window(session, entry, desk, "h" * 32)


def test_a_page_takes_over_what_somebody_else_wrote_and_never_puts_its_old_answer_back(
    mine: Window, hers: Window, entry: ProviderEntry, desk: Desk
) -> None:
    hers.save(hours="全天")

    first = mine.save(area="2")
    second = mine.save(area="260")

    assert first.theirs == (Theirs("hours", "全天", desk.own.name, NOW),)
    assert (second.theirs, second.clashes) == ((), ())
    assert entry.answers == {"area": "260", "hours": "全天"}


def test_a_page_that_takes_nothing_over_still_puts_nothing_back(
    mine: Window, hers: Window, entry: ProviderEntry
) -> None:
    hers.save(hours="全天")
    for typed in ("2", "26", "260"):
        mine.type(area=typed)
        sent = mine.send()
        mine.version = sent.arrive().version
        mine.found["area"] = typed

    assert entry.answers == {"area": "260", "hours": "全天"}


def test_what_is_typed_on_an_answer_that_was_changed_meanwhile_is_a_clash(
    mine: Window, hers: Window, entry: ProviderEntry, desk: Desk
) -> None:
    mine.save(area="260")
    hers.save(hours="全天")

    saved = mine.save(hours="下午")

    assert saved.clashes == (Clash("hours", "全天", "下午", desk.own.name, NOW),)
    assert entry.answers["hours"] == "全天"


@pytest.mark.parametrize("typed", ["", "上午", "下午"], ids=["deleted", "as before", "typed on"])
def test_after_a_lost_reply_a_page_is_nobody_else(mine: Window, entry: ProviderEntry, typed: str) -> None:
    mine.type(hours="全天")
    mine.send().arrive()

    saved = mine.save(hours=typed)

    assert (saved.clashes, saved.theirs) == ((), ())
    assert entry.answers["hours"] == typed


def test_after_a_lost_reply_what_somebody_else_wrote_since_is_not_replaced(
    mine: Window, hers: Window, session: Session, entry: ProviderEntry, desk: Desk
) -> None:
    mine.type(hours="全天")
    mine.send().arrive()
    Window(session, entry, desk, "n" * 32).save(hours="晚上")

    saved = mine.save(hours="下午")

    assert [clash.kept for clash in saved.clashes] == ["晚上"]
    assert entry.answers["hours"] == "晚上"


def test_without_scripts_a_page_that_is_sent_twice_is_nobody_else(mine: Window, entry: ProviderEntry) -> None:
    page = Page(dict(mine.found), mine.key)
    Sent(mine, mine.fields | {"hours": "全天"}, page, mine.version).arrive()

    saved = Sent(mine, mine.fields | {"hours": ""}, page, mine.version).arrive()

    assert saved.clashes == ()
    assert entry.answers["hours"] == ""


def test_a_save_that_comes_late_does_not_replace_a_later_one(mine: Window, entry: ProviderEntry) -> None:
    mine.type(hours="全")
    late = mine.send()
    mine.save(hours="全天")

    late.arrive()

    assert entry.answers["hours"] == "全天"


def test_an_answer_that_no_edit_tells_of_is_not_replaced_either(mine: Window, entry: ProviderEntry) -> None:
    entry.answers = entry.answers | {"hours": "全天"}

    saved = mine.save(area="260")
    again = mine.save(hours="下午")

    assert saved.theirs == (Theirs("hours", "全天", "", None),)
    assert again.clashes == ()
    assert entry.answers == {"area": "260", "hours": "下午"}


def test_the_order_of_boxes_and_the_ends_of_lines_are_no_change(
    session: Session, entry: ProviderEntry, desk: Desk
) -> None:
    entry.answers = {"kinds": ["RS04", "RS01"], "hours": "上午\n下午"}
    session.flush()
    typed = {"kinds": ["RS01", "RS04"], "hours": " 上午\r\n下午 ", "forms": []}

    saved = save_answers(session, entry, typed, base=entry.version, actor=desk.own, at=NOW)

    assert saved.keys == frozenset()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["word", "nothing"]), max_size=3),
        st.sampled_from(["kept", "kept", "reply lost", "late", "reloaded"]),
    ),
    min_size=1,
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_three_windows_do_no_word_goes_missing(
    session: Session, desk: Desk, entry: ProviderEntry, steps: list[tuple[int, dict[str, str], str]]
) -> None:
    """Each word is its own, so that it is known who saw what; every window keeps the fields that it had."""
    with session.begin_nested() as attempt:
        windows = [Window(session, entry, desk, f"{number}" * 32) for number in range(3)]
        words, late = count(), []
        for number, typed, fate in steps:
            if fate == "reloaded":
                windows[number] = Window(session, entry, desk, f"r{next(words)}" + "0" * 30)
            window = windows[number]
            window.type(**{key: f"字{next(words)}" if what == "word" else "" for key, what in typed.items()})
            sent = window.send()
            if fate == "late":
                late.append(sent)
                continue
            saved = faultless(sent)
            if fate != "reply lost":
                window.take(saved)
                check_what_it_shows(window, saved)
        for sent in late:
            faultless(sent)
        attempt.rollback()
    session.expire_all()


def faultless(sent: Sent) -> Saved:
    """Nothing that this person never saw is replaced, and nothing that was typed is dropped without a word."""
    window, before = sent.window, dict(sent.window.entry.answers)
    saved = sent.arrive()
    told = {clash.key for clash in saved.clashes} | {one.key for one in saved.theirs}
    for key, typed in sent.fields.items():
        was, now = before.get(key, ""), window.entry.answers.get(key, "")
        assert now == was or str(was) in window.shown[key], f"{key}: {was} was never shown here"
        assert now == typed or key in told
    return saved


def check_what_it_shows(window: Window, saved: Saved) -> None:
    """The page and the register agree, but for what the person has to decide."""
    clashed = {clash.key for clash in saved.clashes}
    for key in set(KEYS) - clashed:
        assert window.fields[key] == window.entry.answers.get(key, "")
