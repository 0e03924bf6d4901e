# ruleid: form-written-whole
form.populate_obj(site)
# ok: form-written-whole
site.name = form.name.data
