# ruleid: markup-made-by-hand
Markup(name)
# ok: markup-made-by-hand
Markup("<b>{}</b>").format(name)
