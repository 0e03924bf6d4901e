"""Short words that the sentences, tables and pictures of a document share."""

from registry.divisions.codes import Level
from registry.messages import N_
from reports.documents.briefing import Briefing
from reports.documents.speech import Speech
from reports.figures.shares import Share, Verdict

NOUNS = {
    Level.PROVINCE: N_("省（自治区、直辖市）"),
    Level.CITY: N_("市（州）"),
    Level.DISTRICT: N_("区县"),
    Level.TOWNSHIP: N_("街镇"),
    Level.SITE: N_("机构"),
}
"""What the parts of a reading are called in a sentence."""

COUNTED = {
    Level.PROVINCE: (N_("1个省（自治区、直辖市）"), N_("%(count)s个省（自治区、直辖市）")),
    Level.CITY: (N_("1个市（州）"), N_("%(count)s个市（州）")),
    Level.DISTRICT: (N_("1个区县"), N_("%(count)s个区县")),
    Level.TOWNSHIP: (N_("1个街镇"), N_("%(count)s个街镇")),
    Level.SITE: (N_("1家机构"), N_("%(count)s家机构")),
}
"""One of them, and several: English tells them apart."""

VERDICTS = {
    Verdict.MET: N_("达标"),
    Verdict.NOT_MET: N_("未达标"),
    Verdict.NOT_APPLICABLE: N_("不适用"),
    Verdict.NO_TARGET: N_("无目标"),
}


def place_of(briefing: Briefing, say: Speech) -> str:
    """The place as sentences name it."""
    return briefing.place or say(N_("全国"))


def noun_of(briefing: Briefing, say: Speech) -> str:
    """区县, 街镇, 机构; in lower case, as it stands in a sentence."""
    return say(NOUNS[briefing.reading.by or Level.SITE]).lower()


def counted(number: int, briefing: Briefing, say: Speech) -> str:
    """16个区县, 9家机构."""
    one, several = COUNTED[briefing.reading.by or Level.SITE]
    return say(one) if number == 1 else say(several, count=number)


def verdict_word(share: Share, say: Speech) -> str:
    """达标, 未达标, 不适用, 无目标."""
    return say(VERDICTS[share.verdict])


def is_of_institutions(briefing: Briefing) -> bool:
    """The parts are institutions, not divisions."""
    return briefing.reading.by in (Level.SITE, None)
