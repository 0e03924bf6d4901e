"""From people by site to people by anything: each person once in every sum.

Sites are added up; whoever has posts at several sites of one sum was added more than once and is taken off again.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from registry.divisions.codes import CANONICAL_LENGTHS
from registry.workforce.queries import ProviderSite, Staffing

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """Persons in the numerator and in the denominator."""

    numerator: int
    denominator: int


NOBODY = Count(0, 0)


def count_by(staffing: Staffing, key: Callable[[ProviderSite], Key]) -> dict[Key, Count]:
    """Persons by what `key` says of their site; every key of a site is there, with nobody where nobody works."""
    keys = {site.id: key(site) for site in staffing.sites.values()}
    numerators: Counter[Key] = Counter()
    denominators: Counter[Key] = Counter()
    for site_id, group in keys.items():
        numerators[group] += staffing.holders.get(site_id, 0)
        denominators[group] += staffing.staff.get(site_id, 0)
    for person in staffing.several:
        for group, times in Counter(keys[i] for i in person.site_ids if i in keys).items():
            denominators[group] -= times - 1
            numerators[group] -= (times - 1) * person.is_holder
    return {group: Count(numerators[group], denominators[group]) for group in denominators}


def total_of(staffing: Staffing) -> Count:
    """Everybody once."""
    return count_by(staffing, lambda site: None).get(None, NOBODY)


def roll_up_counts(staffing: Staffing) -> dict[str, Count]:
    """Persons by division on every level that has any: townships first, then each level from the one below."""
    sums = _added_up(count_by_code(staffing))
    for numerator, code in _repeats(staffing):
        sums[code][0] -= numerator
        sums[code][1] -= 1
    return {code: Count(*pair) for code, pair in sums.items()}


def count_by_code(staffing: Staffing) -> dict[str, list[int]]:
    """Numerator and denominator by the division of the site, repeated persons still in."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for site in staffing.sites.values():
        pair = counts[site.division_code]
        pair[0] += staffing.holders.get(site.id, 0)
        pair[1] += staffing.staff.get(site.id, 0)
    return counts


def _added_up(counts: Mapping[str, list[int]]) -> dict[str, list[int]]:
    sums: dict[str, list[int]] = {code: list(pair) for code, pair in counts.items()}
    for upper, lower in reversed(list(pairwise(CANONICAL_LENGTHS))):
        for code in [code for code in sums if len(code) == lower]:
            pair = sums.setdefault(code[:upper], [0, 0])
            pair[0] += sums[code][0]
            pair[1] += sums[code][1]
    return sums


def _repeats(staffing: Staffing) -> Iterable[tuple[int, str]]:
    """Each superfluous count of a person: what to take off the numerator, and of which division."""
    codes = {site.id: site.division_code for site in staffing.sites.values()}
    for person in staffing.several:
        places = sorted(codes[site_id] for site_id in person.site_ids if site_id in codes)
        # In order, the places of one division follow each other, so neighbours tell how often it was counted.
        for one, other in pairwise(places):
            for prefix in _shared_prefixes(one, other):
                yield int(person.is_holder), prefix


def _shared_prefixes(one: str, other: str) -> Iterable[str]:
    """The divisions that hold both places, from the province down."""
    for length in CANONICAL_LENGTHS:
        if len(one) < length or one[:length] != other[:length]:
            return
        yield one[:length]
