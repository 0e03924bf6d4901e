# ruleid: file-named-by-request
send_file(request.args["path"])
# ok: file-named-by-request
send_file(path_of(document))
