"""Chinese sentences are their own catalogue; English comes from `translations/en`."""

from functools import cache
from pathlib import Path

from flask import Flask
from flask_babel import gettext, ngettext

from portal.extensions import babel
from portal.formatting import language
from portal.preferences import chosen_language
from registry.messages import N_, Gettext

TRANSLATIONS = Path(__file__).parent / "translations"


def speak(app: Flask) -> None:
    """Pages in Chinese or English, times in Shanghai."""
    app.config.update(BABEL_DEFAULT_LOCALE="zh_Hans_CN", BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    babel.init_app(app, locale_selector=chosen_language)
    app.json.ensure_ascii = app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's own provider
    app.jinja_env.install_gettext_callables(said, said_of_many, newstyle=True)  # type: ignore[attr-defined]  # of its i18n extension


def said(msgid: str) -> str:
    """A msgid without places in the page's language. The Chinese page has more than a hundred and looks none up."""
    return msgid if language() == "zh" else str(gettext(msgid))


def said_of_many(singular: str, plural: str, number: int) -> str:
    """The same for numbers; Chinese has one form."""
    return singular if language() == "zh" else str(ngettext(singular, plural, number))


@cache
def catalogue(locale: str) -> Gettext:
    """What finds sentences of a language (zh or en) where there is no page: in commands, jobs and documents."""
    if locale == "zh":
        return N_
    from babel.support import Translations

    return Translations.load(TRANSLATIONS, [locale]).gettext
