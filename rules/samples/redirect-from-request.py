# ruleid: redirect-from-request
redirect(request.args.get("next"))
# ok: redirect-from-request
redirect(safe_target(request.args.get("next")))
