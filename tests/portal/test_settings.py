"""A start with a missing or unsafe value is refused with its name."""

import stat

import pytest

from portal import create_app
from portal.sealing import key_ring
from portal.settings import Profile, Settings, SettingsError, is_loopback, refuse_outside_address

KEY = "kR7-wq2ZtB9_mLx4vNc8sPd3JfHg6YaE"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # nothing is bound: the tests see it refused
PRODUCTION = {"PORTAL_SECRET_KEY": KEY, "PORTAL_AUDIT_KEY": KEY[::-1]}


def test_production_is_what_runs_when_nobody_chooses(tmp_path):
    settings = Settings.from_env({"PORTAL_HOME": str(tmp_path), **PRODUCTION})

    assert settings.profile is Profile.DENGBAO3
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite"
    assert settings.acting_as is None


@pytest.mark.parametrize("name", ["PORTAL_SECRET_KEY", "PORTAL_AUDIT_KEY"])
def test_a_missing_key_is_named(name):
    environ = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(SettingsError, match=f"{name} is missing"):
        Settings.from_env(environ)


@pytest.mark.parametrize("weak", ["secret", "a" * 64, "abababab" * 8])
def test_a_key_that_can_be_guessed_is_named(weak):
    with pytest.raises(SettingsError, match="PORTAL_SECRET_KEY is too easy to guess"):
        Settings.from_env(PRODUCTION | {"PORTAL_SECRET_KEY": weak})


def test_an_unknown_profile_is_named_with_those_that_exist():
    with pytest.raises(SettingsError, match="'debug'; it must be one of demo, dengbao3, asvs"):
        Settings.from_env(PRODUCTION | {"PORTAL_PROFILE": "debug"})


def test_keys_are_not_shown_when_settings_are_printed():
    shown = repr(Settings.from_env(PRODUCTION))

    assert KEY not in shown
    assert KEY[::-1] not in shown


def test_the_demonstration_makes_its_keys_and_keeps_them(tmp_path):
    environ = {"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(tmp_path / "home")}

    first, second = Settings.from_env(environ), Settings.from_env(environ)

    assert first == second
    assert first.secret_key != first.audit_key
    assert first.acting_as == "demo-city"


def test_only_their_owner_reads_the_keys_of_the_demonstration(tmp_path):
    home = tmp_path / "home"

    Settings.from_env({"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(home)})

    assert [stat.S_IMODE(file.stat().st_mode) for file in (home / "keys").iterdir()] == [0o600, 0o600]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_two_demonstrations_have_different_keys(tmp_path):
    keys = {
        Settings.from_env({"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(tmp_path / name)}).secret_key
        for name in "ab"
    }

    assert len(keys) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_is_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", [EVERYWHERE, "10.0.0.1", "::", "example.test", "localhost.evil.example", ""])
def test_other_addresses_are_not(host):
    assert not is_loopback(host)


def test_the_demonstration_is_refused_on_an_address_that_others_reach(tmp_path):
    settings = Settings.from_env({"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(tmp_path)})

    with pytest.raises(SettingsError, match=r"0\.0\.0\.0 is no loopback address"):
        refuse_outside_address(settings, EVERYWHERE)


def test_production_serves_any_address():
    refuse_outside_address(Settings.from_env(PRODUCTION), EVERYWHERE)


def test_the_suite_and_the_folder_of_the_keys_can_be_chosen(tmp_path):
    settings = Settings.from_env(
        {
            "PORTAL_PROFILE": "demo",
            "PORTAL_HOME": str(tmp_path),
            "PORTAL_CIPHER": "sm4",
            "PORTAL_KEYS": str(tmp_path / "k"),
        }
    )
    assert (settings.cipher, settings.keys) == ("sm4", tmp_path / "k")
    assert (
        Settings.from_env({"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(tmp_path)}).keys == tmp_path / "keys"
    )


def test_an_unknown_suite_is_named_with_those_that_exist():
    with pytest.raises(SettingsError, match="'des'; it must be one of aes, sm4"):
        Settings.from_env({"PORTAL_PROFILE": "demo", "PORTAL_CIPHER": "des"})


def test_a_register_without_keys_for_its_sealed_fields_does_not_start(tmp_path):
    settings = Settings(tmp_path, "sqlite://", Profile.DENGBAO3, "s" * 32, "a" * 32)
    with pytest.raises(SettingsError, match="run: portal keys rotate"):
        create_app(settings)


def test_the_demonstration_makes_the_keys_of_its_sealed_fields(tmp_path):
    settings = Settings(tmp_path, "sqlite://", Profile.DEMO, "s" * 32, "a" * 32)
    key_ring(settings).check()
    assert sorted(path.name for path in settings.keys.iterdir()) == ["index-0001.aes", "seal-0001.aes"]


def test_the_debugger_is_refused_for_work_whatever_it_is_called() -> None:
    for value in ("1", "true", "on"):
        with pytest.raises(SettingsError, match="FLASK_DEBUG"):
            Settings.from_env(PRODUCTION | {"FLASK_DEBUG": value})
    Settings.from_env(PRODUCTION | {"FLASK_DEBUG": "0"})


def test_the_number_of_proxies_is_a_small_number() -> None:
    assert Settings.from_env(PRODUCTION | {"PORTAL_PROXIES": "1"}).proxies == 1
    for value in ("4", "-1", "many"):
        with pytest.raises(SettingsError, match="PORTAL_PROXIES"):
            Settings.from_env(PRODUCTION | {"PORTAL_PROXIES": value})


def test_rates_are_limited_unless_a_demonstration_says_otherwise(tmp_path):
    demo = {"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(tmp_path)}

    assert Settings.from_env(PRODUCTION).limits_rates
    assert Settings.from_env(demo).limits_rates
    assert not Settings.from_env(demo | {"PORTAL_RATES": "off"}).limits_rates
    for value in ("off", "no"):
        with pytest.raises(SettingsError, match="PORTAL_RATES"):
            Settings.from_env(PRODUCTION | {"PORTAL_RATES": value})
