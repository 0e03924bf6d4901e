# ruleid: request-below-the-portal
from flask import request
# ok: request-below-the-portal
from sqlalchemy import select
