# ruleid: code-from-data
pickle.loads(sent)
# ok: code-from-data
json.loads(sent)
