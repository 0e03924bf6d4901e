"""T2 over forms: strings of the list in every box, and what a machine makes up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings

from portal.access import enrolling
from portal.documents import making as documents_making
from portal.outlook import routes as outlook_routes
from portal.profiles import making as profiles_making
from reports.documents import pdf
from tests.hostile.filling import Filling, filling_of
from tests.hostile.forms import FoundForm, Typed
from tests.hostile.sending import Submission, naughty_submission, sent_and_judged, submissions
from tests.hostile.stage import Stage

UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
FILE_NAME = "file name"
"""Where nothing but a file is sent, the strings are its name."""


@dataclass(frozen=True)
class Share:
    """How much is sent."""

    strings: Sequence[Typed]
    made_up: int
    """Submissions of each form that a machine makes up."""
    made_up_for_buttons: int
    """The same where there is nothing but a button."""
    is_repeatable: bool = True


@dataclass
class Tally:
    """What was sent, and what was wrong with the answers."""

    forms: int = 0
    taken: int = 0
    """Forms that took something, so that it was seen what becomes of it."""
    boxes: int = 0
    strings: int = 0
    made_up: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.forms} forms ({self.taken} took what was right), {self.boxes} text boxes,"
            f" {self.strings} strings typed, {self.made_up} submissions made up, {len(self.faults)} faults"
        )


def fuzzed(stage: Stage, forms: Iterable[FoundForm], share: Share) -> Tally:
    """Sends each form its share; the faults are told together."""
    tally = Tally()
    with nothing_drawn():
        for form in forms:
            _fuzz(stage, form, share, tally)
    return tally


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Papers are not laid out meanwhile, nor squares drawn: it takes long, and nothing that is typed stands in them."""
    with (
        patch.object(documents_making, "laid_out", return_value=b""),
        patch.object(profiles_making, "laid_out", return_value=b""),
        patch.object(outlook_routes, "laid_out", return_value=b""),
        patch.object(pdf, "printed", return_value=b""),
        patch.object(enrolling, "_matrix", return_value=((True,),)),
    ):
        yield


def _fuzz(stage: Stage, form: FoundForm, share: Share, tally: Tally) -> None:
    filling = filling_of(stage, form)
    tally.forms += 1
    tally.taken += filling.is_taken
    tally.boxes += len(form.texts)
    for send in (_naughty, _made_up):
        try:
            send(stage, form, filling, share, tally)
        except Exception as fault:  # noqa: BLE001  # a failure inside the portal is what is looked for
            tally.faults.append(f"{form}: {fault} {getattr(fault, '__notes__', '')}"[:3000])


def _naughty(stage: Stage, form: FoundForm, filling: Filling, share: Share, tally: Tally) -> None:
    for texts in rounds(form, share):
        faults = sent_and_judged(stage, form, filling, naughty_submission(form, filling, texts))
        tally.strings += len(texts)
        assert not faults, f"typed {texts!r}: {faults}"


def rounds(form: FoundForm, share: Share) -> list[dict[str, Typed]]:
    """Texts by the name of their boxes, all of them filled at once, so that each box meets each string."""
    boxes, strings = [control.name for control in form.texts], share.strings
    if not boxes:
        return [{FILE_NAME: text} for text in strings] if form.sends_file else []
    return [
        {name: strings[(turn + place) % len(strings)] for place, name in enumerate(boxes)}
        for turn in range(len(strings))
    ]


def _made_up(stage: Stage, form: FoundForm, filling: Filling, share: Share, tally: Tally) -> None:
    def judge(submission: Submission) -> None:
        tally.made_up += 1
        faults = sent_and_judged(stage, form, filling, submission)
        assert not faults, f"{submission}: {faults}"

    count = share.made_up if form.is_more_than_a_button else share.made_up_for_buttons
    many_times(judge, form, filling, count, is_repeatable=share.is_repeatable)


def many_times(
    judge: Callable[[Submission], None], form: FoundForm, filling: Filling, count: int, *, is_repeatable: bool
) -> None:
    """With so many submissions that Hypothesis makes up; one that fails is made as small as it gets."""

    @given(submission=submissions(form, filling))
    @hypothesis_settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=is_repeatable,
        suppress_health_check=UNHURRIED,
        phases=[Phase.generate, Phase.shrink],
    )
    def trial(submission: Submission) -> None:
        judge(submission)

    trial()
