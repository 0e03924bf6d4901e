# ruleid: uploaded-name-opened
folder / upload.filename
# ok: uploaded-name-opened
folder / run.code
