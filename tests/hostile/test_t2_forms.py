"""T2: whatever is typed or sent into any form is kept as it was typed, or comes back with a word of what is wrong.

Here every form gets its share on each engine: together 25 strings in each text box and 24 submissions that a machine
makes up, most of them where it is quicker. The full counts are in tests/soak.
"""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from portal.security import policy_of
from registry.access.models import SignIn
from registry.clock import utc_now
from tests.hostile.crawling import parsed
from tests.hostile.filling import FREE, filling_of
from tests.hostile.forms import FoundForm, Kind, controls_of
from tests.hostile.fuzzing import Share, fuzzed
from tests.hostile.judging import plain
from tests.hostile.noting import every_form_class, forms_made
from tests.hostile.sending import Submission, answered, naughty_submission
from tests.hostile.stage import Stage
from tests.hostile.strings import NO_BROWSER_SENDS, OWN, spread

EASILY_ANOTHERS = (*NO_BROWSER_SENDS[:3], *OWN[8:11])
"""What engines take differently: zeros, halves of signs, very long texts and very great numbers."""
SHARES = {
    "sqlite": Share((*spread(13), *NO_BROWSER_SENDS[3:]), made_up=18, made_up_for_buttons=3),
    "postgresql": Share(EASILY_ANOTHERS, made_up=6, made_up_for_buttons=3),
}


def test_whatever_is_sent_is_kept_or_comes_back_with_a_word(
    stage: Stage, forms: list[FoundForm], database_kind: str, tell: Callable[[str], None]
) -> None:
    tally = fuzzed(stage, forms, SHARES[database_kind])

    tell(f"T2: {tally}")
    assert not tally.faults, "\n".join(tally.faults)


def test_every_address_that_takes_a_form_is_sent_one(stage: Stage, forms: list[FoundForm]) -> None:
    taking = {rule.endpoint for rule in stage.app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert taking == {form.endpoint for form in forms}


def test_no_form_of_the_portal_stays_unseen(stage: Stage, forms: list[FoundForm], only_once: None) -> None:
    with forms_made() as made:
        for form in forms:
            stage.ask(stage.visitors[form.visitor], "GET", form.page)
            with stage.trial():
                answered(stage, form, Submission(filling_of(stage, form).pairs()))
        left_behind(stage, next(form for form in forms if is_guarded(stage, form)), FREE)

    met = {name_of(type(form)) for form in made}
    assert not [kind for kind in every_form_class() if name_of(kind) not in met and not kind.__subclasses__()]


def name_of(kind: type) -> tuple[str, str]:
    """Some forms are made for what they ask about: each time a class of the same name."""
    return kind.__module__, kind.__qualname__


def test_what_was_typed_when_the_stay_was_over_is_carried_on(
    stage: Stage, forms: list[FoundForm], only_once: None, tell: Callable[[str], None]
) -> None:
    typed = [form for form in forms if is_guarded(stage, form) and form.texts and not form.sends_file]

    faults = [
        fault for form in typed for text in (FREE, OWN[4], OWN[9]) for fault in left_behind(stage, form, text)
    ]

    tell(f"T2: {len(typed)} forms sent after the stay was over, {len(faults)} faults")
    assert typed
    assert not faults, "\n".join(faults)


def is_guarded(stage: Stage, form: FoundForm) -> bool:
    policy = policy_of(stage.app, form.endpoint)
    return policy is not None and policy.action is not None


def left_behind(stage: Stage, form: FoundForm, text: str) -> list[str]:
    """What the page that asks for a proof does not carry on of what was typed."""
    filling = filling_of(stage, form)
    boxes = [control.name for control in form.texts if control.kind is Kind.TEXT]
    submission = naughty_submission(form, filling, dict.fromkeys(boxes, text))
    with stage.trial():
        long_ago = utc_now() - timedelta(hours=2)
        stage.session.execute(sa.update(SignIn).values(last_seen_at=long_ago))
        stage.session.commit()
        answer = answered(stage, form, submission)
    if answer.status_code != 401:
        return [f"{form} answered {answer.status_code}"]
    carried = {one.name: one.standing for found in parsed(answer).iter("form") for one in controls_of(found)}
    return [f"{form} left {name} behind" for name in boxes if plain(carried.get(name, "")) != plain(text)]
