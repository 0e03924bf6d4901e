# ruleid: secret-compared-with-equals
given_token == kept.token
# ok: secret-compared-with-equals
hmac.compare_digest(given_token, kept.token)
