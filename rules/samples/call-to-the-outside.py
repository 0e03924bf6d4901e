# ruleid: call-to-the-outside
import requests
# ok: call-to-the-outside
import json
