"""A verification as text or JSON: where the segments stand, what the audit counts, and the findings."""

import json

from ..report import as_object, finding_lines, summary
from .check import Verification, counted


def as_text(result: Verification, only: str = "") -> str:
    lines = [f"{result.package.name} {result.package.version}", counted(result.located)]
    if only:
        lines += one_segment(result, only)
    lines += ["", f"{'class':<11}{'found':>7}{'linked':>8}{'waived':>8}{'open':>6}"]
    missing = set(result.lists.missing)
    for kind, found, linked, waived, still_open in result.table():
        if kind in missing:
            lines.append(f"{kind:<11}  not audited: no list for '{result.lists.language}'")
            continue
        lines.append(f"{kind:<11}{found:>7}{linked:>8}{waived:>8}{still_open:>6}")
    if result.common:
        lines.append(
            f"not audited, because named in more than ten sentences and an eighth of all: {', '.join(result.common)}"
        )
    lines += not_audited(result)
    lines += [*finding_lines(result), "", summary(result, agreement(result), "does not agree")]
    return "\n".join(lines) + "\n"


def agreement(result: Verification) -> str:
    """What the last line says of a package without findings: never more than was audited."""
    agrees = "agrees in what was audited" if result.lists.missing else "agrees"
    return f"{agrees}, but is not valid yet (run `claims validate`)" if result.invalid else agrees


def not_audited(result: Verification) -> list[str]:
    """What no list of words could be held against, and how to have it."""
    if not result.lists.missing:
        return []
    language, missing = result.lists.language, ", ".join(result.lists.missing)
    return ["", f"no list for '{language}': {missing}; docs/NEW_ARTICLE.md tells how to add the words of a language"]


def one_segment(result: Verification, only: str) -> list[str]:
    """What is coded of one sentence, and what the audit sees in it."""
    located = next(segment for segment in result.located if segment.segment == only)
    lines = ["", f"{only}: {located.state}, line {located.line} of the text"]
    for row in result.statements.get(only, []):
        claim = f"  {row['property']} '{row['printed']}' = {row['value']}" if row["printed"] else ""
        lines.append(f"  {row['statement']}  {row['attribution']}, {row['factuality']}, {row['phase']}{claim}")
    lines += [f"  {item.name} '{item.text}' {'linked' if item.linked else 'not linked'}" for item in result.items]
    return lines


def as_json(result: Verification, only: str = "") -> str:
    audit = [dict(zip(("class", "found", "linked", "waived", "open"), row, strict=True)) for row in result.table()]
    located = [{"segment": segment.segment, "state": segment.state, "line": segment.line} for segment in result.located]
    value = {**as_object(result), "located": located, "audit": audit, "not_audited": result.common}
    value["no_list"] = {"language": result.lists.language, "classes": result.lists.missing}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


FORMATS = {"text": as_text, "json": as_json}
