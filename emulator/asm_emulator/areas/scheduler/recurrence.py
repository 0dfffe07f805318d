"""When a job runs: pure functions of its recurrence and of time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from asm_contracts.areas.scheduler import JobRecurrence, JobSchedule

WEEK_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STEPS: Final = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_MONTHS: Final = {"month": 1, "year": 12}
_FARTHEST: Final = 366 * 12
"""Days without an execution after which a schedule counts as never coming true (29 February may be 8 years off)."""


@dataclass(frozen=True)
class Timetable:
    """The moments at which a job that was told `recurrence` (None: once) runs, the first not before `start`."""

    start: datetime
    recurrence: JobRecurrence | None = None

    def between(self, after: datetime, until: datetime) -> int:
        """How many moments there are from `after` on and before or at `until`."""
        if until < after:
            return 0
        schedule = self._schedule
        if schedule is None:
            return max(0, self._index(until, inclusive=True) - self._index(after, inclusive=False))
        total = 0
        for day in self._days(max(after, self.start).date()):
            if day > until.date():
                break
            whole = after.date() < day < until.date() and day > self.start.date()
            if whole:
                total += len(self._times)
            else:
                total += sum(1 for moment in self._moments(day) if after <= moment <= until)
        return total

    def next(self, after: datetime, *, inclusive: bool) -> datetime | None:
        """The first moment after `after` (`inclusive`: or at it); None if there is none any more."""
        schedule = self._schedule
        if schedule is None:
            moment = self._moment(self._index(after, inclusive=not inclusive))
            return moment if moment is not None and self._in_time(moment) else None
        for day in self._days(max(after, self.start).date()):
            for moment in self._moments(day):
                if moment > after or (inclusive and moment == after):
                    return moment if self._in_time(moment) else None
        return None

    def nth(self, after: datetime, number: int) -> datetime | None:
        """The moment with this number (from 1) from `after` on; None if there are fewer."""
        if self._schedule is None:
            return self._moment(self._index(after, inclusive=False) + number - 1)
        for day in self._days(max(after, self.start).date()):
            moments = [one for one in self._moments(day) if one >= after]
            if len(moments) >= number:
                return moments[number - 1]
            number -= len(moments)
        return None

    def last(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        """The last moments from `after` on and up to `until`, the latest first, at most so many."""
        found: list[datetime] = []
        if self._schedule is None:
            first = self._index(after, inclusive=False)
            for index in range(self._index(until, inclusive=True) - 1, first - 1, -1):
                moment = self._moment(index)
                if moment is None or len(found) >= most:
                    break
                found.append(moment)
            return found
        day = until.date()
        while len(found) < most and day >= max(after, self.start).date():
            if self._matches(day):
                found += [one for one in reversed(self._moments(day)) if after <= one <= until]
            if day == date.min:
                break
            day -= timedelta(days=1)
        return found[:most]

    # -- without a schedule ---------------------------------------------------------------------------------------

    @cached_property
    def _frequency(self) -> str:
        return (self.recurrence.frequency or "minute").lower() if self.recurrence else ""

    @cached_property
    def _interval(self) -> int:
        return max(1, (self.recurrence.interval or 1) if self.recurrence else 1)

    def _in_time(self, moment: datetime) -> bool:
        end = self.recurrence.end_time if self.recurrence else None
        return end is None or moment <= end

    def _moment(self, index: int) -> datetime | None:
        """The moment with this number, from 0; None after the last."""
        if index < 0 or (self.recurrence is None and index > 0):
            return None
        try:
            if self.recurrence is None:
                return self.start
            if self._frequency in _STEPS:
                return self.start + _STEPS[self._frequency] * self._interval * index
            months = self.start.month - 1 + _MONTHS[self._frequency] * self._interval * index
            year, month = self.start.year + months // 12, months % 12 + 1
            return self.start.replace(year=year, month=month, day=min(self.start.day, monthrange(year, month)[1]))
        except (OverflowError, ValueError):
            return None

    def _index(self, moment: datetime, *, inclusive: bool) -> int:
        """How many moments there are before `moment` (`inclusive`: or at it)."""
        if moment < self.start:
            return 0
        if self.recurrence is None:
            return 1 if moment > self.start or inclusive else 0
        if self._frequency in _STEPS:
            count, rest = divmod(moment - self.start, _STEPS[self._frequency] * self._interval)
            return count + (1 if rest or inclusive else 0)
        months = (moment.year - self.start.year) * 12 + moment.month - self.start.month
        count = max(0, months // (_MONTHS[self._frequency] * self._interval) - 1)
        while True:
            here = self._moment(count)
            if here is None or here > moment or (here == moment and not inclusive):
                return count
            count += 1

    # -- with a schedule ------------------------------------------------------------------------------------------

    @cached_property
    def _schedule(self) -> JobSchedule | None:
        return self.recurrence.schedule if self.recurrence else None

    @cached_property
    def _times(self) -> list[time]:
        schedule = self._schedule
        assert schedule is not None
        every_hour = self._frequency in ("minute", "hour")
        hours = schedule.hours or (tuple(range(24)) if every_hour else (self.start.hour,))
        minutes = schedule.minutes or (tuple(range(60)) if self._frequency == "minute" else (self.start.minute,))
        return [time(hour, minute) for hour in sorted(set(hours)) for minute in sorted(set(minutes))]

    def _moments(self, day: date) -> list[datetime]:
        made = (datetime.combine(day, one, self.start.tzinfo) for one in self._times)
        return [one for one in made if one >= self.start and self._in_time(one)]

    def _days(self, first: date) -> Iterator[date]:
        """Matching days from a day on, until none has come for long."""
        day, empty = first, 0
        while empty < _FARTHEST:
            if self._matches(day):
                empty = 0
                yield day
            else:
                empty += 1
            if day == date.max:
                return
            day += timedelta(days=1)

    def _matches(self, day: date) -> bool:
        schedule = self._schedule
        assert schedule is not None
        first = self.start.date()
        if self._frequency == "day" and (day - first).days % self._interval:
            return False
        if self._frequency == "week":
            weeks = (day - first + timedelta(days=first.weekday())).days // 7
            if weeks % self._interval or (not schedule.week_days and day.weekday() != first.weekday()):
                return False
        if self._frequency == "month" and ((day.year - first.year) * 12 + day.month - first.month) % self._interval:
            return False
        if self._frequency == "year" and (day.year - first.year) % self._interval:
            return False
        if schedule.months and day.month not in schedule.months:
            return False
        if schedule.week_days and WEEK_DAYS[day.weekday()] not in {one.lower() for one in schedule.week_days}:
            return False
        if self._frequency in ("month", "year") or schedule.month_days or schedule.monthly_occurrences:
            return self._day_of_month(day, schedule)
        return True

    def _day_of_month(self, day: date, schedule: JobSchedule) -> bool:
        length = monthrange(day.year, day.month)[1]
        if schedule.month_days:
            return day.day in schedule.month_days or day.day - length - 1 in schedule.month_days
        if schedule.monthly_occurrences:
            number, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
            return any(
                (one.day or "").lower() == WEEK_DAYS[day.weekday()] and one.occurrence in (None, number, from_end)
                for one in schedule.monthly_occurrences
            )
        return bool(schedule.week_days) or day.day == min(self.start.day, length)
