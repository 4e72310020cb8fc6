"""The distinguished name of a certificate."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

_OIDS: Final = {
    "country": NameOID.COUNTRY_NAME, "province": NameOID.STATE_OR_PROVINCE_NAME, "locality": NameOID.LOCALITY_NAME,
    "street_address": NameOID.STREET_ADDRESS, "postal_code": NameOID.POSTAL_CODE,
    "organization": NameOID.ORGANIZATION_NAME, "ou": NameOID.ORGANIZATIONAL_UNIT_NAME,
}  # fmt: skip
PARTS: Final = tuple(_OIDS)
"""The fields that hold the parts of a name beside the common name, in the order in which they are written."""


def parts(request: Fields) -> dict[str, list[str]]:
    """The parts of a name that a request gives."""
    return {part: request.strings(part) for part in PARTS if request.has(part)}


def name(
    common_name: str,
    given: Mapping[str, Sequence[str]],
    serial_number: str = "",
    user_ids: Sequence[str] = (),
) -> x509.Name:
    """A distinguished name; several values of a part are one multi-valued RDN.

    Raises:
        BadRequest: a value is too long, or a country has not two letters.
    """
    for value in (common_name, serial_number, *user_ids, *(one for values in given.values() for one in values)):
        if not value.isprintable():
            raise BadRequest("the subject has a character that cannot be printed")
    try:
        made = [
            x509.RelativeDistinguishedName([x509.NameAttribute(_OIDS[part], value) for value in values])
            for part in PARTS
            if (values := list(dict.fromkeys(given.get(part, ()))))
        ]
        single = [(NameOID.COMMON_NAME, common_name), (NameOID.SERIAL_NUMBER, serial_number)]
        single += [(NameOID.USER_ID, one) for one in user_ids]
        made += [x509.RelativeDistinguishedName([x509.NameAttribute(oid, value)]) for oid, value in single if value]
        return x509.Name(made)
    except ValueError as wrong:
        raise BadRequest(f"the subject cannot be written: {wrong}") from None


def common_name(subject: x509.Name) -> str:
    """The first common name, "" for none."""
    return _text(next(iter(subject.get_attributes_for_oid(NameOID.COMMON_NAME)), None))


def _text(attribute: Any) -> str:
    if attribute is None:
        return ""
    return attribute.value if isinstance(attribute.value, str) else ""
