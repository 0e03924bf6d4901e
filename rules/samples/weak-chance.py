# ruleid: weak-chance
import random
# ok: weak-chance
import secrets
