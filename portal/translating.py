"""Chinese sentences are their own catalogue; English comes from `translations/en`."""

from flask import Flask

from portal.extensions import babel
from portal.preferences import chosen_language


def speak(app: Flask) -> None:
    """Pages in Chinese or English, times in Shanghai."""
    app.config.update(BABEL_DEFAULT_LOCALE="zh_Hans_CN", BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    babel.init_app(app, locale_selector=chosen_language)
