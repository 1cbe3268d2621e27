"""The settings: variables of the environment that exist, with values that they can have."""

from pathlib import Path

import pytest

from kg.domain import SettingError, Settings

SET = {"KG_HOME": "/srv/home", "KG_BODY_SIZE": "5", "KG_TRUSTED_PROXIES": "10.0.0.0/8,::1", "KG_KEEP_DAYS": "30"}


def test_what_is_listed_gives_the_same_settings() -> None:
    """The listing is in the units of the variables: read again, it changes nothing."""
    settings = Settings.from_environment(SET)
    assert settings.body_size == 5 * 2**20
    assert settings.store == Path("/srv/home/.kg")
    assert (
        dict(settings.listed()).items() >= {"KG_TRUSTED_PROXIES": "10.0.0.0/8,::1/128", "KG_KEEP_VERSIONS": ""}.items()
    )
    assert Settings.from_environment(dict(settings.listed())) == settings


@pytest.mark.parametrize(("name", "nearest"), [("KG_PROT", "KG_PORT"), ("KG_QUERY_SECOND", "KG_QUERY_SECONDS")])
def test_an_unknown_variable_is_refused_with_the_nearest_name(name: str, nearest: str) -> None:
    """A misspelt variable would otherwise leave its default in force, unnoticed."""
    with pytest.raises(SettingError, match=rf"{name} is not a setting. Did you mean {nearest}\?"):
        Settings.from_environment({name: "1"})
