"""T3: what an address may ask, and what it is asked instead.

An answer may say no in any of the ways of the house. It may not break, tell how it is made, or hold the code of a
record that the visitor may not open.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

import sqlalchemy as sa
from werkzeug.routing import Rule

from portal.security import policy_of
from registry.base import Base
from tests.hostile.crawling import Finds, addresses_of
from tests.hostile.forms import Typed, encoded
from tests.hostile.judging import faults_of_answer, is_text
from tests.hostile.stage import Stage, Visitor
from tests.hostile.strings import NO_BROWSER_SENDS, OWN

INJECTIONS = (
    "name;DROP TABLE account",
    "name'--",
    'name"--',
    "1 OR 1=1",
    "1' OR '1'='1' --",
    "' UNION SELECT password_hash FROM account --",
    "1) UNION SELECT NULL,username,password_hash FROM account--",
    "(CASE WHEN (SELECT 1)=1 THEN name ELSE code END)",
    "name,(SELECT password_hash FROM account LIMIT 1)",
    "name COLLATE NOCASE",
    "name DESC NULLS LAST",
    "randomblob(100000000)",
    "pg_sleep(5)",
    "1;SELECT pg_sleep(5)--",
    "load_extension('x')",
    "sqlite_master",
    "pg_catalog.pg_shadow",
    "%' ESCAPE '%",
    "%_%_%_%_%",
    "\\%",
    "__class__.__mro__",
    "metadata.tables",
    "account.password_hash",
    "-password_hash",
    "--name",
    "-",
    "1,2,3",
    "[1]",
    '{"$ne": null}',
    "0",
    "-1",
    "00",
    "1e3",
    "1.5",
    "2147483648",
    "9223372036854775808",
    "99999999999999999999999999",
    "0x10",
    "１２",
    "31' ",
    "31%",
    "31_",
    "310101000000",
    "999999",
    "44",
    "../../31",
    "2026-13-45",
    "2026-02-30",
    "1899-12-31",
    "2026-12-01T00:00:00",
    "true",
    "None",
    "undefined",
    "<script>hit()</script>",
    "\"'><img src=x onerror=hit()>",
    "javascript:hit()",
    "//example.com/x",
    "https://example.com/",
    "/\\example.com",
    "{{7*7}}${7*7}",
    "%00",
    "%0d%0aSet-Cookie:a=b",
    "zip",
    "html",
    "xlsx;x=1",
    "a" * 5_000,
)
UNKNOWN = ("password_hash", "role", "__class__", "sort[]", "limit", "offset", "is_active", "'", "", "示例")
"""Names that no address asks for."""

NAMING_OTHERS = ("audit.", "reconciliations.new")
"""The trail names the records of every place by their codes; an export is sent in for a system registered above."""


@dataclass(frozen=True)
class Address:
    """Something that answers a GET, for one visitor, with the names that it may be asked by."""

    visitor: Visitor = field(repr=False)
    endpoint: str
    url: str
    names: tuple[str, ...]


@dataclass
class Asked:
    """What was asked and what was wrong with the answers."""

    addresses: int = 0
    parameters: int = 0
    requests: int = 0
    rows: int = 0
    """Codes of records that stood in the answers, each of which its visitor may open."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.addresses} addresses, {self.parameters} parameters, {self.requests} requests,"
            f" {self.rows} records in their answers, {len(self.faults)} faults"
        )


@cache
def nonsense() -> tuple[Typed, ...]:
    """What a parameter is asked: injections, our own strings, bytes, and the name of every column that there is."""
    columns = sorted({column.name for table in Base.metadata.tables.values() for column in table.columns})
    return (*INJECTIONS, *OWN, *NO_BROWSER_SENDS, *columns)


def asked_wrongly(stage: Stage, addresses: Sequence[Address], *, each: int, first: int) -> Asked:
    """Asks each parameter of each address so many things, beginning somewhere in the list; and names unknown to it."""
    asked, turn, records = Asked(), first, Records(stage)
    for address in addresses:
        asked.addresses += 1
        asked.parameters += len(address.names)
        for name in (*address.names, UNKNOWN[turn % len(UNKNOWN)]):
            for _ in range(each):
                text = nonsense()[turn % len(nonsense())]
                turn += 1
                asked.faults += _faults(stage, address, ways(name, text)[turn % 5], records)
                asked.requests += 1
    asked.rows = records.opened
    return asked


def ways(name: str, text: Typed) -> tuple[list[tuple[str, Typed]], ...]:
    """Mostly once; twice, and as a list."""
    once: list[tuple[str, Typed]] = [(name, text)]
    return once, once, once, [(name, ""), (name, text)], [(f"{name}[]", text), (name, text)]


def _faults(stage: Stage, address: Address, pairs: list[tuple[str, Typed]], records: "Records") -> list[str]:
    with stage.trial():
        answer = stage.ask(address.visitor, "GET", address.url, query_string=encoded(pairs).decode())
        faults = list(faults_of_answer(answer, str(pairs)))
        text = answer.get_data(as_text=True) if is_text(answer) else ""
        if answer.mimetype == "text/html" and any(markup in text for markup in ("<script>hit", "<img src=x")):
            faults.append("holds what was asked as markup")
        if not address.endpoint.startswith(NAMING_OTHERS):
            faults += records.foreign(address.visitor, text)
        target = answer.headers.get("Location", "")
        if re.match(r"(?i)(//|/\\|\\|https?://(?!localhost))", target) or "javascript:" in target:
            faults.append(f"leads to {target[:60]!r}")
    return [f"{address.visitor.name} asked {address.url} {pairs!r:.200}: {fault}" for fault in faults]


class Records:
    """The codes of all records that have a page which is not everybody's, and who may open it."""

    TOKEN = re.compile(r"(?<![0-9a-z])[2-9a-hj-km-np-z]{8,16}(?![0-9a-z])")

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pages = dict(self._by_code())
        self._known: dict[tuple[str, str], bool] = {}

    def _by_code(self) -> Iterator[tuple[str, str]]:
        adapter = self._stage.app.url_map.bind("localhost")
        for rule in self._stage.app.url_map.iter_rules():
            policy = policy_of(self._stage.app, rule.endpoint)
            if policy is None or policy.model is None or not is_page_of_one(rule) or policy.argument is None:
                continue
            for code in self._stage.session.scalars(sa.select(policy.model.code)):  # type: ignore[attr-defined]
                yield code, adapter.build(rule.endpoint, {policy.argument: code})

    def foreign(self, visitor: Visitor, text: str) -> list[str]:
        """The records in a text that the visitor may not open."""
        found = self._pages.keys() & set(self.TOKEN.findall(text))
        return [f"holds {self._pages[code]}" for code in found if not self._may_open(visitor, code)]

    def _may_open(self, visitor: Visitor, code: str) -> bool:
        known = (visitor.name, code)
        if known not in self._known:
            self._known[known] = self._stage.ask(visitor, "GET", self._pages[code]).status_code < 400
        return self._known[known]

    @property
    def opened(self) -> int:
        return len(self._known)


def is_page_of_one(rule: Rule) -> bool:
    """`/workforce/<code>`: nothing follows the code."""
    return "GET" in (rule.methods or ()) and len(rule.arguments) == 1 and rule.rule.endswith(">")


def addresses_to_ask(stage: Stage, everything: Iterable[Finds]) -> list[Address]:
    """One of each endpoint that is read, for who sees least, with the parameters that are seen, asked or declared."""
    everything, names = list(everything), defaultdict(set)
    for finds in everything:
        for endpoint, asked in finds.parameters.items():
            names[endpoint] |= asked
    for endpoint, asked in declared(stage, everything):
        names[endpoint] |= asked
    found = (
        (rule, answering(stage, rule, everything))
        for rule in stage.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    )
    return [
        Address(place[0], rule.endpoint, place[1], tuple(sorted(names[rule.endpoint])))
        for rule, place in found
        if place is not None
    ]


def answering(stage: Stage, rule: Rule, everything: Iterable[Finds]) -> tuple[Visitor, str] | None:
    """Where somebody is given it."""
    for finds in everything:
        linked = [url.partition("?")[0] for url in finds.links.get(rule.endpoint, [])]
        for url in islice((*linked, *addresses_of(stage, rule, finds)), 3):
            with stage.trial():
                if stage.ask(finds.visitor, "GET", url).status_code in (200, 400):
                    return finds.visitor, url
    return None


def declared(stage: Stage, everything: Sequence[Finds]) -> Iterator[tuple[str, set[str]]]:
    """The parameters that the description of the interface names, by endpoint."""
    visitor = next(finds.visitor for finds in everything if "api.show" in finds.links)
    paths = (stage.ask(visitor, "GET", "/api/v1/openapi.json").json or {})["paths"]
    for rule in stage.app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for told in (paths.get(path, {}).get("get", {}), paths.get(path.rstrip("/"), {}).get("get", {})):
            yield (
                rule.endpoint,
                {one["name"] for one in told.get("parameters", ()) if one.get("in") == "query"},
            )
