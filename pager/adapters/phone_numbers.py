"""Reads the telephone number that a dispatcher gives."""

from __future__ import annotations

import phonenumbers

from pager.lifecycle.ports import PhoneNumber, ReadNumber

LONGEST_E164 = len("+") + 15


def number_reader(region: str) -> ReadNumber:
    """Return what reads a number; one without a country code is of `region`, e.g. `US`."""

    def read(text: str) -> PhoneNumber | None:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if len(e164) > LONGEST_E164:
            return None
        return PhoneNumber(e164, number.extension or None)

    return read
