"""Email addresses: by them users are known. Nothing is ever sent to one."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def read_email(text: str) -> str:
    """Return an address in small letters. Raises ValueError with a sentence that says what is wrong."""
    try:
        email = validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(f"This is no email address. {error}") from None
    if len(email) > LONGEST:
        raise ValueError(f"This email address is longer than {LONGEST} characters.")
    return email
