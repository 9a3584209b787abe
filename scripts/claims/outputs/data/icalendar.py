"""dist/calendar.ics: calendar of events known to the day.

The view that feeds it has id, summary, first_day and last_day, and may have description, location, category and day_of
(what gave the day to an event that has none itself). Rows without a day are left out and counted in the calendar's
description.
"""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from ...package import Package

PROPERTIES = {"summary": "summary", "location": "location", "category": "categories"}


def build(package: Package) -> dict[str, bytes]:
    views = package.feeding("icalendar")
    if not views:
        return {}
    rows = [row for view in views.values() for row in view.records()]
    dated = [row for row in rows if row["first_day"]]
    calendar = Calendar()
    calendar.add("prodid", f"-//{package.name}//{package.version}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", package.descriptor["title"])
    calendar.add("x-wr-caldesc", f"{len(dated)} of {len(rows)} events; the others are not known to the day.")
    for row in dated:
        calendar.add_component(entry(package, row))
    return {"dist/calendar.ics": calendar.to_ical()}


def entry(package: Package, row: dict) -> Event:
    """One event of whole days. Its time stamp is the date of the package: the clock is not part of the input."""
    event = Event()
    event.add("uid", f"{row['id']}@{package.name}")
    event.add("dtstamp", datetime.fromisoformat(package.descriptor["created"]))
    event.add("dtstart", date.fromisoformat(row["first_day"]))
    event.add("dtend", date.fromisoformat(row["last_day"]) + timedelta(days=1))
    for name, property_name in PROPERTIES.items():
        if row.get(name):
            event.add(property_name, row[name])
    day_of = f"Day of: {row['day_of']}" if row.get("day_of") else ""
    event.add("description", "\n".join(filter(None, (row.get("description"), day_of))))
    return event
