"""When something was handed in, as the systems write it: a time, or nothing that is one.

A time that is not understood is not taken for none: who asks has to tell the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# Hours from UTC by the names that `%Z` gives, which nbgrader's times end in. Where two zones of the
# world share a name, the one near to the due time's is meant, and none where neither is.
_HOURS: dict[str, tuple[float, ...]] = {
    "UTC": (0,), "GMT": (0,), "Z": (0,), "WET": (0,), "WEST": (1,),
    "CET": (1,), "CEST": (2,), "MET": (1,), "MEST": (2,), "EET": (2,), "EEST": (3,),
    "BST": (1, 6), "IST": (1, 2, 5.5), "IDT": (3,), "MSK": (3,), "SAST": (2,), "TRT": (3,),
    "EST": (-5,), "EDT": (-4,), "CST": (-6, 8), "CDT": (-5,), "MST": (-7,), "MDT": (-6,),
    "PST": (-8, 8), "PDT": (-7,), "AKST": (-9,), "AKDT": (-8,), "HST": (-10,), "AST": (-4, 3),
    "ADT": (-3,), "NST": (-3.5,), "NDT": (-2.5,), "JST": (9,), "KST": (9,), "HKT": (8,),
    "SGT": (8,), "PKT": (5,), "WIB": (7,), "AWST": (8,), "ACST": (9.5,), "ACDT": (10.5,),
    "AEST": (10,), "AEDT": (11,), "NZST": (12,), "NZDT": (13,),
}  # fmt: skip

# As Moodle's worksheet, Blackboard's names and receipts, Brightspace and Gradescope write times.
# Names of days and months are those of an English installation.
_FORMATS = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%A, %B %d, %Y, %I:%M %p",
    "%A, %d %B %Y %H:%M:%S o'clock",
    "%Y-%m-%d-%H-%M-%S",
    "%b %d, %Y %I%M %p",
    "%b %d, %Y %I:%M %p",
)

# The months as Moodle's language packs for German, French and Spanish write them.
_MONTHS = (
    ("januar", "janvier", "enero"),
    ("februar", "février", "febrero"),
    ("märz", "mars", "marzo"),
    ("april", "avril", "abril"),
    ("mai", "mai", "mayo"),
    ("juni", "juin", "junio"),
    ("juli", "juillet", "julio"),
    ("august", "août", "agosto"),
    ("september", "septembre", "septiembre"),
    ("oktober", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("dezember", "décembre", "diciembre"),
)
_BY_NAME = {name: k for k, names in enumerate(_MONTHS, start=1) for name in names}

# `strftimedaydatetime` in their `langconfig.php`: “%A, %d. %B %Y, %H:%M”, “%A %d %B %Y, %H:%M” and
# “%A, %d de %B de %Y, %H:%M”.
_IN_WORDS = re.compile(
    r"[^\W\d]+,? (\d{1,2})\.? (?:de )?([^\W\d]+) (?:de )?(\d{4}), (\d\d?):(\d\d)"
)


def read_time(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the time that a text tells, or None where it is not understood.

    Parameters
    ----------
    text : str
        Such as ``2026-12-01 15:58:23.948203 CET`` or ``Friday, 20 November 2026, 3:58 PM``.
    zone : tzinfo
        That of a time which names none; near to it a name is meant that two zones share.

    Examples
    --------
    >>> read_time("2026-12-01 15:58:23 CET").isoformat()
    '2026-12-01T15:58:23+01:00'
    >>> read_time("2026-07-01 15:58 Europe/Berlin").isoformat()
    '2026-07-01T15:58:00+02:00'
    >>> read_time("Freitag, 20. November 2026, 15:58").isoformat()
    '2026-11-20T15:58:00+00:00'
    >>> read_time("2026-07-01 15:58 Nowhere/Town"), read_time("yesterday")
    (None, None)
    """
    words = " ".join(text.replace("\u202f", " ").split())
    naive = _plain_time(words)
    found: datetime | None
    if naive is not None:
        found = naive if naive.tzinfo else naive.replace(tzinfo=zone)
    else:
        rest, _, name = words.rpartition(" ")
        naive = _plain_time(rest)
        if naive is None or naive.tzinfo:
            return None
        found = next(_at(naive, name, zone), None)
    return found if found is not None and 1970 < found.year < 2200 else None


def _plain_time(words: str) -> datetime | None:
    """Return a time with no zone, or with one in digits."""
    fraction = re.sub(r"(\.\d{6})\d+", r"\1", words)  # Ruby writes nanoseconds
    digits = re.sub(r" (?=[+-]\d\d:?\d\d$)", "", fraction)
    try:
        return datetime.fromisoformat(digits)
    except ValueError:
        pass
    for format in _FORMATS:
        try:
            return datetime.strptime(words, format)
        except ValueError:
            continue
    return _in_words(words)


def _in_words(words: str) -> datetime | None:
    """Return a time in German, French or Spanish, as Moodle writes it."""
    found = _IN_WORDS.fullmatch(words)
    month = _BY_NAME.get(found[2].lower()) if found else None
    if found is None or month is None:
        return None
    try:
        day, year, hour, minute = (int(found[k]) for k in (1, 3, 4, 5))
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None


def _at(naive: datetime, name: str, zone: tzinfo) -> Iterator[datetime]:
    """Yield the time in the zone of a name, where there is exactly one that can be meant."""
    offsets = [timedelta(hours=each) for each in _HOURS.get(name.upper(), ())]
    if len(offsets) > 1:
        near = zone.utcoffset(naive) or timedelta()
        offsets = [each for each in offsets if abs(each - near) <= timedelta(hours=1)]
    if len(offsets) == 1:
        yield naive.replace(tzinfo=timezone(offsets[0]))
    elif "/" in name:
        try:
            yield naive.replace(tzinfo=ZoneInfo(name))
        except (LookupError, ValueError, OSError):  # no such zone, or no table of zones here
            return
