"""精康通's web portal: HTTP in, HTML out. `create_app` is its table of contents."""

from typing import TYPE_CHECKING

from portal.settings import Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Settings) -> "Flask":
    """The application; UnguardedEndpoint where an endpoint names no action."""
    # Imported here: the command `portal` starts without them.
    from flask import Flask

    from portal.access.proving import take_proofs
    from portal.areas import register_areas
    from portal.errors import handle_errors
    from portal.extensions import connect_database, csrf
    from portal.formatting import add_filters
    from portal.frame import add_frame
    from portal.headers import guard_answers
    from portal.limits import believe_proxies, limit_requests, limit_text
    from portal.rates import limit_rates
    from portal.remembering import add_memory
    from portal.sealing import add_key_ring
    from portal.security import CodeConverter, guard_requests, refuse_unguarded_endpoints
    from portal.sessions import configure_sessions
    from portal.statics import Statics
    from portal.translating import speak
    from portal.unchanged import name_release
    from portal.unsent.routes import end_what_is_sent

    app = Flask("portal", static_folder=None)
    app.extensions["settings"] = settings
    app.url_map.converters["code"] = CodeConverter
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    believe_proxies(app, settings)
    limit_requests(app, settings)
    guard_answers(app, settings)
    limit_text(app)
    configure_sessions(app, settings)
    limit_rates(app, settings)
    csrf.init_app(app)
    take_proofs(app)
    connect_database(app, settings.database_url)
    add_key_ring(app, settings)
    add_memory(app)
    speak(app)
    add_filters(app)
    add_frame(app, settings, statics := Statics())
    name_release(app, settings, statics.mark)
    statics.serve(app)
    end_what_is_sent(app)
    handle_errors(app)
    register_areas(app)
    guard_requests(app)
    refuse_unguarded_endpoints(app)
    return app
