"""When jobs run, against a count by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asm_contracts.areas.scheduler import JobMonthlyOccurrence, JobRecurrence, JobSchedule
from asm_emulator.areas.scheduler.checking import camel
from asm_emulator.areas.scheduler.recurrence import Timetable

START = datetime(2015, 1, 31, 10, 15, tzinfo=UTC)  # a Saturday
FAR = datetime(2030, 1, 1, tzinfo=UTC)


def first(recurrence: JobRecurrence | None, number: int = 4) -> list[str]:
    table, found, moment = Timetable(START, recurrence), [], START - timedelta(days=1)
    for _ in range(number):
        following = table.next(moment, inclusive=False)
        if following is None:
            break
        moment = following
        found.append(f"{moment:%y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        (None, ["15-01-31 10:15"]),
        (JobRecurrence(frequency="Minute", interval=30), ["15-01-31 10:15", "15-01-31 10:45", "15-01-31 11:15"]),
        (JobRecurrence(frequency="week"), ["15-01-31 10:15", "15-02-07 10:15", "15-02-14 10:15"]),
        (JobRecurrence(frequency="month"), ["15-01-31 10:15", "15-02-28 10:15", "15-03-31 10:15"]),
        (JobRecurrence(frequency="year", interval=2), ["15-01-31 10:15", "17-01-31 10:15", "19-01-31 10:15"]),
        (
            JobRecurrence(frequency="day", end_time=datetime(2015, 2, 1, 12, tzinfo=UTC)),
            ["15-01-31 10:15", "15-02-01 10:15"],
        ),
        (
            JobRecurrence(frequency="day", schedule=JobSchedule(hours=(9, 17), minutes=(0, 30))),
            ["15-01-31 17:00", "15-01-31 17:30", "15-02-01 09:00"],
        ),
        (
            JobRecurrence(frequency="week", schedule=JobSchedule(week_days=("Monday", "Friday"))),
            ["15-02-02 10:15", "15-02-06 10:15", "15-02-09 10:15"],
        ),
        (
            JobRecurrence(frequency="week", interval=2, schedule=JobSchedule(hours=(12,))),
            ["15-01-31 12:15", "15-02-14 12:15", "15-02-28 12:15"],
        ),
        (
            JobRecurrence(frequency="month", schedule=JobSchedule(month_days=(1, -1))),
            ["15-01-31 10:15", "15-02-01 10:15", "15-02-28 10:15"],
        ),
        (
            JobRecurrence(
                frequency="month",
                schedule=JobSchedule(
                    monthly_occurrences=(
                        JobMonthlyOccurrence(day="monday", occurrence=1),
                        JobMonthlyOccurrence(day="friday", occurrence=-1),
                    )
                ),
            ),
            ["15-02-02 10:15", "15-02-27 10:15", "15-03-02 10:15"],
        ),
        (
            JobRecurrence(frequency="year", schedule=JobSchedule(months=(2,), month_days=(29,))),
            ["16-02-29 10:15", "20-02-29 10:15", "24-02-29 10:15"],
        ),
        (JobRecurrence(frequency="month", schedule=JobSchedule(months=(2,), month_days=(30,))), []),
    ],
)
def test_the_first_moments(recurrence: JobRecurrence | None, expected: list[str]) -> None:
    assert first(recurrence, len(expected) or 1) == expected


RECURRENCES = st.builds(
    JobRecurrence,
    frequency=st.sampled_from(["minute", "hour", "day", "week", "month", "year"]),
    interval=st.integers(1, 40),
    schedule=st.none()
    | st.builds(
        JobSchedule,
        hours=st.none() | st.tuples(st.integers(0, 23)),
        minutes=st.none() | st.tuples(st.integers(0, 59), st.integers(0, 59)),
        week_days=st.none() | st.tuples(st.sampled_from(["monday", "sunday"])),
        month_days=st.none() | st.tuples(st.integers(1, 28)),
    ),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECURRENCES, st.integers(0, 400_000), st.integers(0, 300_000))
def test_counting_agrees_with_walking(recurrence: JobRecurrence, begin: int, minutes: int) -> None:
    table = Timetable(START, recurrence)
    after = START + timedelta(minutes=begin)
    until = after + timedelta(minutes=min(minutes, 3000) if recurrence.frequency == "minute" else minutes)

    def walk() -> list[datetime]:
        moment, inclusive, found = after, True, []
        while (following := table.next(moment, inclusive=inclusive)) is not None and following <= until:
            found.append(following)
            moment, inclusive = following, False
        return found

    walked = walk()
    assert table.between(after, until) == len(walked)
    assert table.last(after, until, 5) == list(islice(reversed(walked), 5))
    if walked:
        assert table.nth(after, len(walked)) == walked[-1]


@pytest.mark.parametrize("start", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_the_ends_of_time_are_no_trouble(start: datetime) -> None:
    for frequency in ("minute", "month", "year"):
        for schedule in (None, JobSchedule(hours=(3,))):
            table = Timetable(start, JobRecurrence(frequency=frequency, interval=1000, schedule=schedule))
            table.next(FAR, inclusive=False)
            table.next(datetime.max.replace(tzinfo=UTC), inclusive=False)
            assert table.between(FAR, FAR + timedelta(days=1)) >= 0


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Content-Type", "content-Type"),
        ("X-Foo", "x-Foo"),
        ("ETag", "eTag"),
        ("TE", "te"),
        ("accept", "accept"),
        ("", ""),
    ],
)
def test_names_are_written_small(given_name: str, expected: str) -> None:
    assert camel(given_name) == expected
