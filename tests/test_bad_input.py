"""What is not a package, or means harm: one clear message each, exit 1 or 2, no traceback, nothing written."""

import json
import os
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from harness import claims

ROOT = Path(__file__).parent.parent
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def validate(*arguments) -> CompletedProcess:
    return claims("validate", *arguments)


def write(folder: Path, files: dict) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            content = json.dumps(content)
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def zipped(folder: Path, entries: dict) -> Path:
    file = folder / "package.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file


def foreign(**resource) -> dict:
    """The descriptor of somebody else's package of one table."""
    table = {
        "name": "t",
        "path": "t.csv",
        "schema": {"fields": [{"name": "a", "type": "integer"}]},
        **resource,
    }
    return {"$schema": V2, "name": "theirs", "resources": [table]}


def missing(folder):
    return folder / "nowhere"


def empty_folder(folder):
    return folder


def not_json(folder):
    return write(folder, {"datapackage.json": "name: x"})


def a_list(folder):
    return write(folder, {"datapackage.json": "[]"})


def not_utf8(folder):
    return write(folder, {"datapackage.json": b'{"name": "\xff"}'})


def lone_surrogate(folder):
    return write(folder, {"datapackage.json": '{"name": "\\ud800", "resources": []}'})


def text_as_zip(folder):
    return write(folder, {"package.zip": "no zip"}) / "package.zip"


def cut_zip(folder):
    file = zipped(folder, {"datapackage.json": json.dumps(foreign()), "t.csv": "a\n" + "1\n" * 5000})
    file.write_bytes(file.read_bytes()[:-30])
    return file


def damaged_zip(folder):
    file = zipped(folder, {"datapackage.json": json.dumps(foreign()), "t.csv": os.urandom(3000).hex()})
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    return file


def zip_that_climbs(folder):
    return zipped(folder, {"datapackage.json": json.dumps(foreign()), "../t.csv": "a\n1\n"})


def zip_absolute(folder):
    return zipped(folder, {"datapackage.json": json.dumps(foreign()), "/tmp/t.csv": "a\n1\n"})


def zip_with_link(folder):
    file = folder / "package.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("datapackage.json", json.dumps(foreign()))
        link = zipfile.ZipInfo("t.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file


def zip_with_doubles(folder):
    file = folder / "package.zip"
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(file, "w") as archive:
        archive.writestr("datapackage.json", json.dumps(foreign()))
        archive.writestr("t.csv", "a\n1\n")
        archive.writestr("t.csv", "a\nx\n")
    return file


def zip_bomb(folder):
    return zipped(folder, {"datapackage.json": json.dumps(foreign()), "t.csv": b"0" * ((1 << 30) + 1)})


def zip_without_descriptor(folder):
    return zipped(folder, {"t.csv": "a\n1\n"})


def link_out(folder):
    write(folder, {"datapackage.json": foreign()})
    (folder / "t.csv").symlink_to("/etc/passwd")
    return folder


def folder_as_table(folder):
    write(folder, {"datapackage.json": foreign()})
    (folder / "t.csv").mkdir()
    return folder


def schema_of_nothing(folder):
    return write(folder, {"datapackage.json": foreign(schema="s.json"), "t.csv": "a\n1\n"})


def key_to_nothing(folder):
    key = {"fields": ["a"], "reference": {"resource": "u", "fields": ["a"]}}
    schema = {"fields": [{"name": "a", "type": "integer"}], "foreignKeys": [key]}
    return write(folder, {"datapackage.json": foreign(schema=schema), "t.csv": "a\n1\n"})


def unknown_type(folder):
    schema = {"fields": [{"name": "a", "type": "integr"}]}
    return write(folder, {"datapackage.json": foreign(schema=schema), "t.csv": "a\n1\n"})


def broken_pattern(folder):
    schema = {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "(a"}}]}
    return write(folder, {"datapackage.json": foreign(schema=schema), "t.csv": "a\n1\n"})


def broken_bound(folder):
    schema = {"fields": [{"name": "a", "type": "date", "constraints": {"minimum": "yesterday"}}]}
    return write(folder, {"datapackage.json": foreign(schema=schema), "t.csv": "a\n2024-01-01\n"})


def truncated_table(folder):
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}
    return write(folder, {"datapackage.json": foreign(schema=schema), "t.csv": 'a,b\n1,"x'})


def wrong_encoding(folder):
    return write(folder, {"datapackage.json": foreign(), "t.csv": "a\n1\n".encode("utf-16")})


def unknown_encoding(folder):
    return write(folder, {"datapackage.json": foreign(encoding="utf-99"), "t.csv": "a\n1\n"})


def conventions_misused(folder):
    return write(folder, {"datapackage.json": foreign() | {"conventions": {"codes": 7}}, "t.csv": "a\n1\n"})


def table_for_package(folder):
    return write(folder, {"datapackage.json": foreign(), "t.csv": "a\n1\n"}) / "t.csv"


def empty_list_of_resources(folder):
    return write(folder, {"datapackage.json": foreign() | {"resources": []}})


def other_separator(folder):
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}
    return write(folder, {"datapackage.json": foreign(schema=schema), "t.csv": "a\tb\n1\tx\n"})


def workbook_as_table(folder):
    write(folder, {"datapackage.json": foreign()})
    zipped(folder, {"xl/workbook.xml": "<workbook/>"}).rename(folder / "t.csv")
    return folder


CASES = [  # what, exit code, a word of the message
    (missing, 2, "no such file"),
    (empty_folder, 2, "no datapackage.json"),
    (not_json, 1, "json-unreadable"),
    (a_list, 1, "descriptor-shape"),
    (not_utf8, 1, "not UTF-8"),
    (lone_surrogate, 1, "json-unreadable"),
    (text_as_zip, 2, "not a readable zip"),
    (cut_zip, 2, "not a readable zip"),
    (damaged_zip, 2, "not a readable zip"),
    (zip_that_climbs, 2, "leads out of the package"),
    (zip_absolute, 2, "not a relative path"),
    (zip_with_link, 2, "is a link"),
    (zip_with_doubles, 2, "one name twice"),
    (zip_bomb, 2, "unpacks to more than"),
    (zip_without_descriptor, 2, "no datapackage.json"),
    (link_out, 1, "leads out of the package"),
    (folder_as_table, 1, "is not a file"),
    (schema_of_nothing, 1, "file-missing"),
    (key_to_nothing, 1, "[descriptor]"),
    (unknown_type, 1, "[descriptor]"),
    (broken_pattern, 1, "not a regular expression"),
    (broken_bound, 1, "minimum is not a value"),
    (truncated_table, 1, "csv-unreadable"),
    (wrong_encoding, 1, "[encoding]"),
    (unknown_encoding, 1, "no such encoding"),
    (conventions_misused, 1, "[metadata]"),
    (table_for_package, 2, "give the folder"),
    (empty_list_of_resources, 2, "nothing could be checked"),
    (other_separator, 1, "separated by '\\t'"),
    (workbook_as_table, 1, "a zip or a spreadsheet"),
]


@pytest.mark.parametrize(("make", "code", "message"), CASES, ids=[case[0].__name__ for case in CASES])
def test_bad_input(tmp_path, make, code, message):
    source = make(tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    done = validate(source)
    assert done.returncode == code, done.stdout + done.stderr
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code == 1)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_somebody_elses_package_is_judged_by_its_own_descriptor(tmp_path):
    """Windows line ends, semicolons and another encoding are no fault where the descriptor says so."""
    schema = {
        "fields": [
            {"name": "имя", "type": "string"},
            {"name": "n", "type": "integer", "constraints": {"maximum": 9}},
        ]
    }
    resource = {"dialect": {"delimiter": ";"}, "encoding": "cp1251", "schema": schema}
    table = "имя;n\r\nАнна ;3\r\n"
    write(tmp_path, {"datapackage.json": foreign(**resource), "t.csv": table.encode("cp1251")})
    assert validate(tmp_path).returncode == 0
    (tmp_path / "t.csv").write_bytes(table.replace("3", "12").encode("cp1251"))
    done = validate(tmp_path, "--format", "json")
    assert done.returncode == 1
    (one,) = json.loads(done.stdout)["findings"]
    assert (one["rule"], one["file"], one["line"], one["column"], one["value"]) == (
        "maximum",
        "t.csv",
        2,
        "n",
        "12",
    )


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ({"type": "integer", "missingValues": ["-"]}, "-"),
        ({"type": "string", "missingValues": ["-"], "constraints": {"pattern": "[a-z]+"}}, "-"),
        ({"type": "number", "decimalChar": ","}, '"1,5"'),
        ({"type": "number", "groupChar": " "}, "1 000"),
        ({"type": "number", "bareNumber": False}, "5 EUR"),
        ({"type": "number"}, "1.5e3"),
        ({"type": "integer"}, "007"),
        ({"type": "date", "format": "%d.%m.%Y"}, "01.02.2020"),
    ],
)
def test_what_the_descriptor_of_a_foreign_package_allows_is_valid(tmp_path, field, cell):
    """And a cell that it does not allow is shown as the file has it."""
    schema = {"fields": [{"name": "a", **field}, {"name": "b", "type": "string"}]}
    write(tmp_path, {"datapackage.json": foreign(schema=schema), "t.csv": f"a,b\n{cell},x\n"})
    assert validate(tmp_path).returncode == 0
    write(tmp_path, {"t.csv": "a,b\n?,x\n"})
    (one,) = json.loads(validate(tmp_path, "--format", "json").stdout)["findings"]
    assert one["value"] == "?"


def test_exclusive_bounds_of_a_foreign_package(tmp_path):
    bounds = {"exclusiveMinimum": 1, "exclusiveMaximum": 3}
    schema = {"fields": [{"name": "a", "type": "integer", "constraints": bounds}]}
    write(tmp_path, {"datapackage.json": foreign(schema=schema), "t.csv": "a\n1\n2\n3\n"})
    findings = json.loads(validate(tmp_path, "--format", "json").stdout)["findings"]
    assert [(one["rule"], one["line"]) for one in findings] == [
        ("exclusiveMinimum", 2),
        ("exclusiveMaximum", 4),
    ]


def test_folder_descriptor_and_zip_give_the_same_report(tmp_path, copy):
    file = tmp_path / "package.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for one in sorted(copy.root.rglob("*")):
            archive.write(one, one.relative_to(copy.root))
    reports = [validate(source).stdout for source in (copy.root, copy.root / "datapackage.json", file)]
    assert reports[0] == reports[1] == reports[2]
    assert "valid: " in reports[0]


def test_the_report_says_where_why_and_what_to_do(copy):
    """The text report of one misspelt code, as a user sees it."""
    rows = copy.rows("statements")
    column = rows[0].index("phase")
    rows[1][column] = "occured"
    row_id = rows[1][0]
    copy.write_rows("statements", rows)
    copy.reseal()
    done = validate(copy.root)
    assert done.returncode == 1
    assert f"data/statements.csv:2:phase {row_id} 'occured'  [enum]" in done.stdout
    assert "did you mean 'occurred'?" in done.stdout
    assert "why:  A code that the codes table does not define" in done.stdout
    assert "fix:  Use a code of the list" in done.stdout


def test_usage_errors_exit_with_2():
    assert validate("--formt", "json").returncode == 2
    assert validate("--format", "xml").returncode == 2
