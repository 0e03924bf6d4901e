# ruleid: token-left-out
csrf.exempt(view)
# ok: token-left-out
csrf.init_app(app)
