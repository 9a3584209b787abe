"""Where a day stands on an axis, in hundredths of its width, so that one drawing fits a desk and a phone."""

from dataclasses import dataclass
from datetime import date, timedelta

from .words import MONTHS

FEWEST_YEARS = 12  # an axis of fewer years has a tick for each
LETTERS = 3  # of a month's name on an axis


@dataclass
class Axis:
    """A span of days, both included."""

    first: date
    last: date
    unit: str = "month"

    def at(self, day: str | date) -> float:
        """The place of the beginning of a day (ISO), from 0 to 100; what lies outside stands at the end."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        whole = (self.last - self.first).days + 1
        return round(min(max((day - self.first).days / whole, 0), 1) * 100, 2)

    def span(self, first: str, last: str) -> tuple[float, float]:
        """Left end and width of the days from `first` to `last`."""
        left = self.at(first)
        return left, round(self.at(date.fromisoformat(last) + timedelta(days=1)) - left, 2)

    def holds(self, first: str, last: str) -> bool:
        return self.first <= date.fromisoformat(first) and date.fromisoformat(last) <= self.last

    def ticks(self, language: str) -> list[tuple[float, str]]:
        """Places and names of years, months or days."""
        if self.unit == "day":
            days = [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]
            return [(self.at(day), str(day.day)) for day in days]
        if self.unit == "month":
            starts = [date(self.first.year, month, 1) for month in range(1, 13)]
            return [(self.at(day), MONTHS[language][day.month - 1][:LETTERS]) for day in starts]
        many = self.last.year - self.first.year > FEWEST_YEARS
        years = [year for year in range(self.first.year, self.last.year + 1) if not many or year % 10 == 0]
        return [(self.at(date(year, 1, 1)), str(year)) for year in years if date(year, 1, 1) >= self.first]


def axis(rows: list[dict]) -> list[Axis]:
    """The zooms that a query gives, from coarse to fine."""
    return [
        Axis(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["unit"])
        for row in rows
        if row["first"] and row["last"]
    ]


def around(days: list[str]) -> Axis | None:
    """An axis of whole half-years around some days; none where there is no day."""
    if not days:
        return None
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    end = date(last.year + (last.month > 6), 7 if last.month <= 6 else 1, 1) - timedelta(days=1)
    return Axis(date(first.year, 1 if first.month <= 6 else 7, 1), end, "year")
