"""The other figures in a 工作简报: one sentence for the shares, one for the professions, one for the residents."""

from collections.abc import Iterator

from registry.messages import N_
from registry.vocabulary import term
from reports.documents.briefing import Briefing
from reports.documents.paper import Paragraph
from reports.documents.speech import Speech
from reports.figures.beside import Beside
from reports.figures.shares import Measure
from reports.figures.wording import percent_text


def beside(briefing: Briefing, say: Speech) -> str:
    """What is known of the staff besides; a figure with nobody to count is left out."""
    counted = [one for one in briefing.besides if one.share.denominator]
    shares = [_share(one, say) for one in counted if one.figure.is_share]
    told = [say(N_("同一口径下，%(shares)s。"), shares=say.listed(shares))] if shares else []
    told += [_other(one, say) for one in counted if not one.figure.is_share]
    return say.joined(told)


def beside_notes(briefing: Briefing, say: Speech) -> Iterator[Paragraph]:
    """What each of them counts, and on what authority."""
    for one in briefing.besides:
        if one.share.denominator:
            figure = one.figure
            note = say.joined(say(text) for text in (figure.numerator_note, figure.among_note, figure.clause))
            places = {"name": say(figure.title), "note": note}
            yield Paragraph(say(N_("%(name)s：%(note)s"), **places), is_note=True)


def _share(one: Beside, say: Speech) -> str:
    """社工持证率12.1%（190／1,576人）."""
    return say(
        N_("%(figure)s%(percent)s（%(part)s／%(whole)s人）"),
        figure=say(one.figure.title),
        percent=percent_text(one.share),
        part=one.share.numerator,
        whole=one.share.denominator,
    )


def _other(one: Beside, say: Speech) -> str:
    if one.figure.measure is Measure.DENSITY:
        return say(
            N_("每万常住人口有从业人员%(value)s人（从业人员%(part)s人，常住人口%(whole)s人）。"),
            value=percent_text(one.share),
            part=one.share.numerator,
            whole=one.share.denominator,
        )
    each = (
        say(N_("%(profession)s%(count)s人"), profession=say.word(term(profession)), count=count)
        for profession, count in one.professions
    )
    sentence = N_("从业人员%(count)s人，按岗位分：%(each)s；同一人任两个岗位的各计一次。")
    return say(sentence, count=one.share.numerator, each=say.listed(each))
