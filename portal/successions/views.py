"""What a succession would do and what it did, in sentences; the names in them are marked as Chinese."""

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.formatting import day_in_words, spoken_message, with_data, word_within
from registry.organisations.models import Organisation
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.successions.planning import Outlook


def sentences_of(predecessor: Organisation, outlook: Outlook) -> list[Markup]:
    """All that would happen, and what does not pass over."""
    return [*_of_organisations(predecessor, outlook), *_of_sites(outlook), *_of_the_rest(outlook)]


def _of_organisations(predecessor: Organisation, outlook: Outlook) -> Iterator[Markup]:
    if outlook.ends_predecessor:
        sentence = _("“%(name)s”自%(day)s起终止，编号、统一社会信用代码和网址继续有效，指向承继单位。")
        yield with_data(sentence, name=predecessor.name, day=day_in_words(outlook.wanted.on))
    else:
        yield with_data(_("“%(name)s”继续存在。"), name=predecessor.name)
    yield with_data(_("由“%(name)s”承继。"), name=outlook.successor.name)


def _of_sites(outlook: Outlook) -> Iterator[Markup]:
    passing = _("转入：“%(site)s”，在原单位停用、在承继单位启用，承继日期以前的统计不变。")
    for sites, sentence in (
        (outlook.passing, passing),
        (outlook.closing, _("停用：“%(site)s”。")),
        (outlook.staying, _("仍归原单位：“%(site)s”。")),
    ):
        yield from (with_data(sentence, site=site.name) for site in sites)


def _of_the_rest(outlook: Outlook) -> Iterator[Markup]:
    for label, count in outlook.rows:
        if count:
            sentence = _("随场所转入：%(what)s %(count)s 条。")
            yield with_data(sentence, what=spoken_message(label), count=count)
    for rows, sentence in (
        (outlook.over, _("终止：%(what)s %(count)s 件。")),
        (outlook.kept, _("仍归原单位：%(what)s %(count)s 件。")),
    ):
        for label, count in rows:
            yield with_data(sentence, what=spoken_message(label), count=count)
    for standing in outlook.ending:
        sentence = _("终止：%(kind)s，编号%(number)s；不随同转入，承继单位另行办理。")
        yield with_data(sentence, kind=word_within(standing.kind), number=standing.number)
    if outlook.accounts:
        sentence = _("原单位有 %(count)s 个岗位账号，不随同转入，请安全管理员办理。")
        yield with_data(sentence, count=outlook.accounts)


def notices_of(
    organisation: Organisation, successions: Sequence[OrganisationSuccession]
) -> list[tuple[Markup, OrganisationSuccession, str]]:
    """Of an organisation's page: into whom it went, or whom it took over; the address leads to the other one."""
    return [_notice(organisation, one) for one in successions]


def _notice(
    organisation: Organisation, succession: OrganisationSuccession
) -> tuple[Markup, OrganisationSuccession, str]:
    went = succession.predecessor_id == organisation.id
    other = succession.successor if went else succession.predecessor
    sentence = _sentence(succession, went=went)
    said = with_data(sentence, day=day_in_words(succession.on), name=other.name, document=succession.document)
    return said, succession, url_for("providers.show", organisation=other.code)


def _sentence(succession: OrganisationSuccession, *, went: bool) -> str:
    is_merger = succession.kind is SuccessionKind.MERGE
    if went:
        if is_merger:
            return str(_("该单位已于%(day)s并入“%(name)s”（%(document)s）。原编号和代码只用来查到承继单位。"))
        return str(_("该单位于%(day)s分立，由“%(name)s”承继一部分（%(document)s）。"))
    if is_merger:
        return str(_("“%(name)s”已于%(day)s并入该单位（%(document)s）。"))
    return str(_("该单位于%(day)s承继“%(name)s”的一部分（%(document)s）。"))
