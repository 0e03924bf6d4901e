"""缺什么: what an inspector would miss in the record of an organisation, in the order in which he would ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from registry.messages import N_, Message, message
from registry.profiles.queries import Profile


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, in words."""

    sentence: Message
    is_urgent: bool = False
    """A deadline has passed."""


def gaps_of(profile: Profile, *, idle_days: int) -> Sequence[Gap]:
    """What is overdue first, then what is not there at all, then what is not up to date."""
    found = [*_overdue(profile), *_absent(profile), *_stale(profile, idle_days)]
    return tuple(sorted(found, key=lambda gap: not gap.is_urgent))


def _overdue(profile: Profile) -> Iterator[Gap]:
    if profile.overdue_findings:
        first = profile.overdue_findings[0].attempt_on(profile.on).rectify_by
        sentence = N_("检查发现的问题逾期未整改%(count)s条，最早应于%(day)s前完成")
        yield Gap(
            message(sentence, count=len(profile.overdue_findings), day=first.isoformat()), is_urgent=True
        )


def _absent(profile: Profile) -> Iterator[Gap]:
    if profile.organisation.uscc is None:
        yield Gap(message(N_("没有登记统一社会信用代码")))
    if not profile.standings:
        yield Gap(message(N_("当日没有有效的入库或备案")))
    if _is_asked_of_services(profile):
        yield from _absent_for_people(profile)


def _is_asked_of_services(profile: Profile) -> bool:
    """A foundation or an association serves nobody at a site: what its standing does not ask for is not missing."""
    return profile.is_serving or not profile.standings


def _absent_for_people(profile: Profile) -> Iterator[Gap]:
    if not profile.services:
        yield Gap(message(N_("没有登记在提供的服务项目")))
    if not profile.phones:
        yield Gap(message(N_("没有登记联系电话")))
    if not profile.sites:
        yield Gap(message(N_("没有登记在用的服务场所")))
    if profile.unplaced:
        yield Gap(message(N_("服务场所没有地图点位%(count)s处"), count=len(profile.unplaced)))


def _stale(profile: Profile, idle_days: int) -> Iterator[Gap]:
    if _is_asked_of_services(profile):
        yield from _stale_services(profile, idle_days)
    yield from _stale_records(profile)
    if _is_asked_of_services(profile) and not profile.inspections:
        yield Gap(message(N_("没有督导检查记录")))


def _stale_services(profile: Profile, idle_days: int) -> Iterator[Gap]:
    last = profile.year.last_on
    if last is None:
        yield Gap(message(N_("没有活动记录")))
    elif last < profile.on - timedelta(days=idle_days):
        sentence = N_("超过%(days)s天没有活动记录，最近一次为%(day)s")
        yield Gap(message(sentence, days=idle_days, day=last.isoformat()))


def _stale_records(profile: Profile) -> Iterator[Gap]:
    if profile.unverified:
        yield Gap(message(N_("学历尚未核验%(count)s人"), count=profile.unverified))
    if profile.expired:
        yield Gap(message(N_("证书登记已过期%(count)s人"), count=profile.expired))
    if profile.rating is not None and profile.rating.valid_to <= profile.on:
        sentence = N_("评估等级已于%(day)s过期")
        yield Gap(message(sentence, day=(profile.rating.valid_to - timedelta(days=1)).isoformat()))
