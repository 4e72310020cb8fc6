"""What can be set for a whole mount."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from stratumiops.vault import durations
from stratumiops.vault.engines.pki.kept import Setting
from stratumiops.vault.engines.pki.models import Cluster, Urls
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.view import View


@dataclass(frozen=True, slots=True)
class CrlSettings:
    """How lists of revoked certificates are made. Durations are as they were written."""

    allow_expired_cert_revocation: bool = False
    auto_rebuild: bool = False
    auto_rebuild_grace_period: str = "12h"
    delta_rebuild_interval: str = "15m"
    disable: bool = False
    enable_delta: bool = False
    expiry: str = "72h"
    ocsp_disable: bool = False
    ocsp_expiry: str = "12h"

    def seconds(self, name: str) -> int:
        """One of the durations."""
        return durations.parse(getattr(self, name), name)


class Settings:
    """The entries below `config/` that are no issuers and keys."""

    def __init__(self, view: View) -> None:
        self.urls = Setting(view, "config/urls", Urls.read, Urls.written, Urls())
        self.cluster = Setting(view, "config/cluster", lambda kept: Cluster(**kept), asdict, Cluster())
        self.crl = Setting(view, "config/crl", lambda kept: CrlSettings(**kept), asdict, CrlSettings())

    def forget(self) -> None:
        """Leave nothing in memory."""
        self.urls.forget()
        self.cluster.forget()
        self.crl.forget()


def changed_crl(before: CrlSettings, request: Fields) -> CrlSettings:
    """The settings of lists as a request changes them.

    Raises:
        BadRequest: a duration is none, or two settings do not go together.
    """
    values: dict[str, Any] = asdict(before)
    for name, value in asdict(before).items():
        if not request.has(name):
            continue
        values[name] = request.boolean(name) if isinstance(value, bool) else _duration(request, name)
    made = CrlSettings(**values)
    if made.seconds("expiry") <= 0:
        raise BadRequest("expiry must be greater than 0")
    if made.auto_rebuild:
        _within(made, "auto_rebuild_grace_period", "expiry", "CRL auto-rebuilding grace period")
    if made.enable_delta and not made.auto_rebuild:
        raise BadRequest(
            "Delta CRLs cannot be enabled when auto rebuilding is disabled as the complete CRL is always regenerated!"
        )
    if made.enable_delta:
        _within(made, "delta_rebuild_interval", "expiry", "CRL delta rebuild window")
    return made


def _duration(request: Fields, name: str) -> str:
    given = request.raw(name)
    try:
        seconds = durations.parse(given, name)
    except BadRequest:
        raise BadRequest(f'given {name} could not be decoded: time: invalid duration "{given}"') from None
    return given if isinstance(given, str) and not given.isdecimal() else durations.in_go_form(seconds)


def _within(made: CrlSettings, shorter: str, longer: str, what: str) -> None:
    if made.seconds(shorter) >= made.seconds(longer):
        raise BadRequest(
            f"{what} ({getattr(made, shorter)}) must be strictly shorter than CRL expiry ({getattr(made, longer)})"
            " value when auto-rebuilding of CRLs is enabled"
        )


def changed_urls(before: Urls, request: Fields, templating: str) -> Urls:
    """URLs as a request changes them.

    Args:
        before: what they were.
        request: the lists by name.
        templating: the field that says whether they are templates.

    Raises:
        BadRequest: one is no URL.
    """
    templated = request.boolean(templating, before.templated)
    lists = {name: request.strings(name) if request.has(name) else value for name, value in before.lists.items()}
    made = Urls.of(lists, templated=templated)
    if not templated:
        check_urls(made)
    return made


def check_urls(urls: Urls) -> None:
    """Refuse what is no URL.

    Raises:
        BadRequest: one is none.
    """
    for name, values in urls.lists.items():
        for one in values:
            if not is_url(one):
                raise BadRequest(f"invalid URL found in Authority Information Access (AIA) parameter {name}: {one}")


def is_url(text: str) -> bool:
    """Whether it is a URL with a scheme and a host, in ASCII."""
    try:
        parts = urlsplit(text)
        return bool(parts.scheme and parts.netloc) and text.isascii() and text.isprintable() and "{" not in text
    except ValueError:
        return False


def resolved(urls: Urls, cluster: Cluster, issuer_id: str) -> Urls:
    """Templates filled in for an issuer.

    Raises:
        BadRequest: what they need is not set, or the outcome is no URL.
    """
    if not urls.templated:
        return urls
    known: Mapping[str, str] = {
        "{{cluster_path}}": cluster.path, "{{cluster_aia_path}}": cluster.aia_path, "{{issuer_id}}": issuer_id,
    }  # fmt: skip

    def fill(name: str, text: str) -> str:
        for template, value in known.items():
            if template in text and not value:
                setting = template.strip("{}").removeprefix("cluster_")
                raise BadRequest(
                    f"unable to template AIA URLs as we lack local cluster address information ({setting})"
                )
            text = text.replace(template, value)
        if not is_url(text):
            raise BadRequest(f"error validating templated {name}; invalid URI: {text}")
        return text

    filled = {name: tuple(fill(name, one) for one in values) for name, values in urls.lists.items()}
    return Urls.of(filled)
