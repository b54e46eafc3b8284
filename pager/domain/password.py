"""What a password may be: long enough, and not one that is guessed first."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5

# The commonest that are long enough to pass otherwise, in small letters and digits alone: leaving out what stands
# between and behind them is the first thing that is tried.
COMMON = frozenset(
    """
    passwordpassword password1234 password12345 password123456 passw0rd1234 p4ssw0rd1234 mypassword123
    mypassword1234 123456789012 1234567890123 12345678901234 123456789123 123456789101112 0123456789012
    0987654321098 1234567890qwerty 123456qwerty qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty qwertyuiop12
    qwertyuiop123 qwertyuiop1234 qwertyuiopas qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm asdfghjkl123
    asdfghjkl1234 asdfghjklzxcvbnm zxcvbnm12345 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv
    zaq12wsxcde3 qazwsxedcrfv q1w2e3r4t5y6 a1b2c3d4e5f6 abcdefghijkl abcdefghijklm abcdefghijklmnop abcd12345678
    abc123456789 abcdef123456 aa1234567890 iloveyou1234 iloveyouiloveyou iloveyou12345 letmeinletmein letmein12345
    letmein123456 welcome12345 welcome123456 changeme1234 changeme12345 changemechangeme changeme123456
    administrator administrator1 administrator123 adminadminadmin admin1234567 admin12345678 admin123456789
    trustno1trustno1 sunshine1234 football1234 baseball1234 princess1234 superman1234 dragon123456 monkey123456
    michael12345 jennifer1234 correcthorsebatterystaple firstresponder firstresponder1 firstresponder123
    lawenforcement dispatcher123 dispatcher1234 losangeles123 losangeles1234 losangelescounty pagerpagerpager
    """.split()  # noqa: SIM905 -- as words they can be read
)


def password_problem(password: str, email: str) -> str | None:
    """Return what is wrong with a password for the user with this email, None where it may be used."""
    length = len(password)
    if length < SHORTEST:
        return f"The password has {length} characters; it needs at least {SHORTEST}."
    if length > LONGEST:
        return f"The password has {length} characters; it may have at most {LONGEST}."
    written = password.casefold().strip()
    if written in (email, email.partition("@")[0]):
        return "The password is the email address; take something that nobody can know."
    if re.sub(r"[^a-z0-9]", "", written) in COMMON:
        return "The password is one of the commonest, which are guessed first; take another."
    if len(set(written)) < FEWEST_DIFFERENT:
        return f"The password repeats the same few characters; take at least {FEWEST_DIFFERENT} different ones."
    return None
