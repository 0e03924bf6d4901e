"""Asks html-validate whether a page is valid HTML; one node process serves all pages of a test worker."""

import json
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("html_validate.mjs")


class HtmlValidator:
    """`faults(html)` gives one line per fault; equal pages are asked about once."""

    def __init__(self) -> None:
        self._node: subprocess.Popen[str] | None = None
        self._known: dict[str, list[str]] = {}

    def faults(self, html: str) -> list[str]:
        if html not in self._known:
            self._known[html] = self._ask(html)
        return self._known[html]

    def close(self) -> None:
        if self._node is not None:
            self._node.communicate()

    def _ask(self, html: str) -> list[str]:
        node = self._node = self._node or self._started()
        assert node.stdin is not None
        assert node.stdout is not None
        node.stdin.write(json.dumps(html) + "\n")
        node.stdin.flush()
        answer = node.stdout.readline()
        if not answer:
            raise RuntimeError("html-validate stopped: run make setup")
        return list(json.loads(answer))

    @staticmethod
    def _started() -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
