"""Asks a WSGI application in its own process, as often as a line on stdin says, and prints what one answer cost.

The standard library alone, because every peer runs in an environment of its own.
"""

import gc
import io
import json
import sqlite3
import sys
import time


def answer(app, path, cookie="", method="GET", body=b"", kind="", held=""):
    """Status, headers and body of one request, as a server would send them."""
    route, _, query = path.partition("?")
    said = {}
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": route,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": kind,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    if held:
        environ["HTTP_IF_NONE_MATCH"] = held

    def start_response(status, headers, exc_info=None):
        said.update(status=status, headers=headers)
        return lambda data: None

    chunks = app(environ, start_response)
    try:
        whole = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    return said["status"], said["headers"], whole


def cookies_of(headers):
    """The Cookie header that a browser would send back."""
    return "; ".join(value.partition(";")[0] for name, value in headers if name.lower() == "set-cookie")


def serve(app, path, cookie="", held="", change=None):
    """For "20" or "20 changed" on stdin: so many requests; prints CPU seconds per request. "page" prints the page.

    `held` is the tag of the page that the browser holds already; `change` is what somebody else does before each one.
    """
    for line in sys.stdin:
        words = line.split()
        if words == ["page"]:
            status, _headers, body = answer(app, path, cookie, held=held)
            report = {"status": status, "body": body.decode()}
        else:
            between = change if "changed" in words else lambda: None
            report = {"seconds": seconds_each(app, path, cookie, held, between, int(words[0]))}
        print(json.dumps(report), flush=True)


def seconds_each(app, path, cookie, held, between, times):
    gc.collect()
    taken = 0.0
    for _ in range(times):
        between()
        start = time.process_time()
        answer(app, path, cookie, held=held)
        taken += time.process_time() - start
    return taken / times


def changing(file):
    """What somebody else does to the flat table: commits a change of one row on a connection of his own."""

    def change():
        connection = sqlite3.connect(file)
        with connection:
            connection.execute("UPDATE provider SET name = name WHERE id = 1")
        connection.close()

    return change
