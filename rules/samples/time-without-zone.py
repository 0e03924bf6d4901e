# ruleid: time-without-zone
datetime.now()
# ok: time-without-zone
datetime.now(UTC)
