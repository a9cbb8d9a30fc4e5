"""What software of others says of each format. A check takes a bundle and gives back complaints."""

import json
import os
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from junitparser import Failure, JUnitXml, Skipped

import places

HERE = Path(__file__).parent
SCHEMA = HERE / "../../docs/schemas/check.schema.json"
# 2002: messages of ours have no full stop. 2006: links are not reachable everywhere. 2013: provenance is what
# pipelines add.
ALLOWED = {"SARIF2002", "SARIF2006", "SARIF2013"}
CONCISE = r"^(.+?):(\d+):(\d+): (error|warning|info)\[([A-Za-z0-9-]+)\]: (.*)$"


class Tools:
    """Where the software is, and how it is run on text."""

    def __init__(self, folder):
        self.bin = folder / "venv/bin"
        self.modules = folder / "node_modules"
        self.multitool = self.modules / "@microsoft/sarif-multitool-linux"

    def run(self, command, **files):
        """Runs a command in a folder of its own that holds the files; gives back what it said and the folder."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name.replace("_", ".")).write_bytes(text.encode())
            surroundings = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "COLUMNS": "500"}
            done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True)
            done.stdout, done.stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
            done.files = {path.name: path.read_bytes().decode() for path in Path(folder).iterdir()}
            return done

    def node(self, job, **request):
        surroundings = {**os.environ, "NODE_PATH": str(self.modules)}
        request = json.dumps({"do": job, **request}).encode()
        done = subprocess.run(["node", HERE / "readers.js"], input=request, env=surroundings, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode())
        return json.loads(done.stdout)


def difference(what, wanted, found):
    """Complains of the first thing that differs between two lists."""
    for n, (a, b) in enumerate(zip(wanted, found)):
        if a != b:
            return [f"{what} {n}: wanted {a!r}, found {b!r}"]
    return [] if len(wanted) == len(found) else [f"{what}: wanted {len(wanted)}, found {len(found)}"]


def one_object(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key is there twice: {keys}")
    return dict(pairs)


def one_document(bundle, tools):
    complaints = []
    for name in ["json", "sarif", "gitlab", "rdjson"]:
        try:
            json.loads(bundle.outputs[name], object_pairs_hook=one_object)
        except ValueError as error:
            complaints.append(f"{name}: {error}")
    return complaints


# SARIF


def results(bundle):
    return json.loads(bundle.outputs["sarif"])["runs"][0]["results"]


def sarif_schema(bundle, tools):
    schema = tools.multitool / "sarif-2.1.0.json"
    done = tools.run([tools.bin / "check-jsonschema", "--schemafile", schema, "x.sarif"], x_sarif=bundle.outputs["sarif"])
    return [] if done.returncode == 0 else [done.stdout]


def sarif_multitool(bundle, tools):
    """It ends with 0 whatever it finds."""
    command = [tools.multitool / "Sarif.Multitool", "validate", "x.sarif", "--rule-kind", "Sarif;Ghas"]
    command += ["--level", "Error;Warning", "--log", "ForceOverwrite", "-o", "v.sarif"]
    done = tools.run(command, x_sarif=bundle.outputs["sarif"])
    said = done.stdout + done.stderr
    if "1 files scanned" not in said or "v.sarif" not in done.files:
        return [f"did not run: {said}"]
    lines = [line for line in said.splitlines() if re.search(r": (error|warning)\b", line)]
    complaints = [line for line in lines if not any(f" {rule}:" in line for rule in ALLOWED)]
    log = json.loads(done.files["v.sarif"])["runs"][0]
    complaints += [str(r) for r in log.get("results", []) if r["ruleId"].split("/")[0] not in ALLOWED]
    return complaints


def sarif_summary(bundle, tools):
    done = tools.run([tools.bin / "sarif", "summary", "x.sarif"], x_sarif=bundle.outputs["sarif"])
    found = dict(re.findall(r"^(error|warning|note|none): (\d+)$", done.stdout, re.M))
    levels = {"error": "error", "warning": "warning", "info": "note"}
    wanted = Counter(levels[f["severity"]] if f["outcome"] == "fail" else "none" for f in bundle.findings)
    wanted = {level: wanted[level] for level in ["error", "warning", "note", "none"]}
    found = {level: int(found.get(level, 0)) for level in wanted}
    return [] if wanted == found and done.returncode == 0 else [f"wanted {wanted}, found {found}: {done.stderr}"]


def sarif_rules(bundle, tools):
    rules = json.loads(bundle.outputs["sarif"])["runs"][0]["tool"]["driver"]["rules"]
    complaints = difference("rule", [rules[r["ruleIndex"]]["id"] for r in results(bundle)], [r["ruleId"] for r in results(bundle)])
    for rule in rules:
        properties = rule["properties"]
        if ("security-severity" in properties) != ("security" in properties["tags"]):
            complaints.append(f"{rule['id']}: `security-severity` and the tag `security` go together")
        if not isinstance(properties.get("security-severity", ""), str):
            complaints.append(f"{rule['id']}: `security-severity` is a text")
    return complaints


def sarif_results(bundle, tools):
    """The same findings as in JSON, each with fingerprints of its own."""

    def of_json(f):
        return f["rule"], f["message"], f["file"], f["start"]["line"], f["start"]["column"], f["end"]["line"], f["end"]["column"]

    def of_sarif(r):
        place = r["locations"][0]["physicalLocation"]
        region = place["region"]
        path = unquote(place["artifactLocation"]["uri"], errors="strict")
        where = (region[key] for key in ["startLine", "startColumn", "endLine", "endColumn"])
        return (r["ruleId"], r["message"]["text"], path, *where)

    complaints = difference("result", [of_json(f) for f in bundle.findings], [of_sarif(r) for r in results(bundle)])
    for name in ["primaryLocationLineHash", "tricep/v1"]:
        twice = [v for v, n in Counter(r["partialFingerprints"][name] for r in results(bundle)).items() if n > 1]
        complaints += [f"{name} {print_} is there twice" for print_ in twice]
    return complaints


def regions(value):
    """Every place of a log with its file."""
    if isinstance(value, dict):
        if "artifactLocation" in value and "region" in value:
            path = unquote(value["artifactLocation"]["uri"])
            yield from ((path, value[key]) for key in ["region", "contextRegion"] if key in value)
        for inner in value.values():
            yield from regions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from regions(inner)


def sarif_snippets(bundle, tools):
    """The snippet is what stands at the region, counted in UTF-16."""
    complaints = []
    count = 0
    for path, region in regions(json.loads(bundle.outputs["sarif"])):
        if path not in bundle.sources or "snippet" not in region:
            continue
        text = bundle.sources[path]
        start = places.index(text, region["startLine"], region.get("startColumn", 1))
        if "endColumn" in region:
            end = places.index(text, region["endLine"], region["endColumn"])
        else:
            starts = places.line_starts(text) + [len(text)]
            end = len(text[: starts[region["endLine"]]].rstrip("\r\n"))
        wanted = text[start:end]
        count += 1
        if wanted != region["snippet"]["text"]:
            complaints.append(f"{path} {region}: there stands {wanted!r}")
    return complaints or ([] if count else ["there is no snippet"])


# JSON


def json_places(bundle, tools):
    """Offsets, lines and columns are the same place."""
    complaints = []
    for finding in bundle.findings:
        text = bundle.sources.get(finding["file"])
        for end in ["start", "end"]:
            place = finding[end]
            if text is not None and places.at_offset(text, place["offset"]) != places.index(text, place["line"], place["column"]):
                complaints.append(f"{finding['file']}: {place}")
    return complaints


def schema_of_lines():
    schema = json.loads(SCHEMA.read_text())
    return {"$schema": schema["$schema"], "$defs": schema["$defs"], "type": "array", "items": {"$ref": "#/$defs/line"}}


def json_schema(bundle, tools):
    lines = [json.loads(line) for line in bundle.outputs["jsonl"].split("\n")[:-1]]
    texts = {"doc_json": bundle.outputs["json"], "lines_json": json.dumps(lines), "schema_json": json.dumps(schema_of_lines())}
    complaints = []
    for schema, document in [(SCHEMA.resolve(), "doc.json"), ("schema.json", "lines.json")]:
        done = tools.run([tools.bin / "check-jsonschema", "--schemafile", schema, document], **texts)
        complaints += [] if done.returncode == 0 else [done.stdout + done.stderr]
    return complaints


def json_ajv(bundle, tools):
    lines = [json.loads(line) for line in bundle.outputs["jsonl"].split("\n")[:-1]]
    errors = tools.node("ajv", schema=json.loads(SCHEMA.read_text()), documents=[json.loads(bundle.outputs["json"])])
    errors += tools.node("ajv", schema=schema_of_lines(), documents=[lines])
    return [error for of_one in errors for error in of_one]


def json_lines(bundle, tools):
    lines = bundle.outputs["jsonl"].split("\n")
    if lines.pop() != "":
        return ["the last line does not end"]
    return difference("line", [{"version": 1, **f} for f in bundle.findings], [json.loads(line) for line in lines])


# GitHub and Azure

ORDER = {"error": 0, "warning": 1, "info": 2}


def gravest_first(bundle):
    return sorted(bundle.findings, key=lambda finding: ORDER[finding["severity"]])


def message(finding):
    return finding["message"] + (f"\n\n{finding['help']}" if "help" in finding else "")


def github_command(finding):
    start, end = finding["start"], finding["end"]
    properties = {"title": finding["rule"], "file": finding["file"], "line": start["line"], "endLine": end["line"]}
    if start["line"] == end["line"]:
        properties |= {"col": start["column"], "endColumn": end["column"]}
    level = {"info": "notice"}.get(finding["severity"], finding["severity"])
    return level, properties, message(finding)


def github_read(line):
    """A line as the runner reads it."""

    def plain(text, names):
        for escaped, c in names:
            text = text.replace(escaped, c)
        return text

    data = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
    _, head, text = line.split("::", 2)
    command, properties = head.split(" ", 1)
    values = (part.split("=", 1) for part in properties.split(","))
    values = {key: plain(value, data[:2] + [("%3A", ":"), ("%2C", ",")] + data[2:]) for key, value in values}
    return command, values, plain(text, data)


def github(bundle, tools):
    lines = bundle.outputs["github"].split("\n")
    closing = lines[-2:]
    lines = lines[:-2]
    commands = [github_command(finding) for finding in gravest_first(bundle)]
    complaints = difference("command", tools.node("github", commands=commands), lines)
    if complaints:
        return complaints
    wanted = [(level, {k: str(v) for k, v in properties.items()}, text) for level, properties, text in commands]
    complaints += difference("command read back", wanted, [github_read(line) for line in lines])
    if not re.match(r"^\d+ files?, ", closing[0]) or closing[1] != "":
        complaints.append(f"the last line is {closing!r}")
    return complaints


def azure(bundle, tools):
    lines = bundle.outputs["azure"].split("\n")
    issues = [line for line in lines if line.startswith("##vso[task.logissue ")]
    others = [line for line in lines if line not in issues]
    commands = []
    for finding in gravest_first(bundle):
        if finding["severity"] != "info":
            start = finding["start"]
            properties = {"type": finding["severity"], "sourcepath": finding["file"], "linenumber": str(start["line"])}
            properties |= {"columnnumber": str(start["column"]), "code": finding["rule"]}
            commands.append(["task.logissue", properties, message(finding)])
    complaints = difference("command", tools.node("azure", commands=commands), issues)
    if complaints:
        return complaints
    complaints += difference("command read back", commands, tools.node("azureRead", lines=issues))
    infos = sum(finding["severity"] == "info" for finding in bundle.findings)
    if len(others) != infos + 2 or others[-1] != "":
        complaints.append(f"{infos} notes, but these lines: {others}")
    complaints += [f"a command: {line!r}" for line in others if "##vso[" in line]
    return complaints


# JUnit


def attribute(text):
    """A text as one line that XML can hold."""
    return re.sub("[\ufffe\uffff]", "\ufffd", shown(text.replace("\r\n", "  ")))


def junit_parser(bundle, tools):
    found = []
    suites = JUnitXml.fromstring(bundle.outputs["junit"].encode())
    for suite in suites:
        for case in suite:
            kinds = {Failure: "fail", Skipped: "unknown"}
            outcome = [(kinds.get(type(r), "error"), r.message) for r in case.result] or [("pass", None)]
            if case.name != "no findings":
                found.append((suite.name, case.classname, case.name.split(" (")[0], *outcome[0]))
    wanted = []
    for finding in bundle.findings:
        file = attribute(finding["file"])
        said = attribute(finding["message"]) if finding["outcome"] != "pass" else None
        wanted.append((file, file, finding["rule"], finding["outcome"], said))
    counts = Counter(outcome for *_, outcome, _ in wanted)
    complaints = difference("case", sorted(wanted, key=str), sorted(found, key=str))
    if (suites.failures, suites.errors) != (counts["fail"], 0):
        complaints.append(f"it says {suites.failures} failures and {suites.errors} errors, there are {counts['fail']} and 0")
    return complaints


def junit_html(bundle, tools):
    done = tools.run([tools.bin / "junit2html", "--summary-matrix", "x.xml"], x_xml=bundle.outputs["junit"])
    found = {name: int(n) for name, n in re.findall(r"^\s+(Failed|Skipped|Passed)\s+:\s+(\d+)$", done.stdout, re.M)}
    counts = Counter(finding["outcome"] for finding in bundle.findings)
    wanted = {"Failed": counts["fail"], "Skipped": counts["unknown"]}
    found = {name: found.get(name) for name in wanted}
    return [] if done.returncode == 0 and found == wanted else [f"wanted {wanted}, found {found}: {done.stderr}"]


def junit_xmllint(bundle, tools):
    done = tools.run(["xmllint", "--noout", "x.xml"], x_xml=bundle.outputs["junit"])
    return [] if done.returncode == 0 else [done.stderr]


# GitLab


def gitlab_schema(bundle, tools):
    schema = HERE / "gitlab.schema.json"
    done = tools.run([tools.bin / "check-jsonschema", "--schemafile", schema, "x.json"], x_json=bundle.outputs["gitlab"])
    return [] if done.returncode == 0 else [done.stdout]


def gitlab_fingerprints(bundle, tools):
    counts = Counter(issue["fingerprint"] for issue in json.loads(bundle.outputs["gitlab"]))
    return [f"{print_} is there {n} times" for print_, n in counts.items() if n > 1]


def gitlab_codeclimate(bundle, tools):
    """What sarif-tools makes of our SARIF stands at the same places."""
    done = tools.run([tools.bin / "sarif", "codeclimate", "-o", "out.json", "x.sarif"], x_sarif=bundle.outputs["sarif"])
    if "out.json" not in done.files:
        return [done.stdout + done.stderr]

    def places_of(text):
        return sorted((i["check_name"], unquote(i["location"]["path"]), i["location"]["lines"]["begin"]) for i in json.loads(text))

    ours = json.loads(bundle.outputs["gitlab"])
    plain = json.dumps([{**i, "location": {**i["location"], "path": i["location"]["path"].replace("%", "%25")}} for i in ours])
    return difference("issue", places_of(plain), places_of(done.files["out.json"]))


# rdjson and the concise line


def rdjson_validator(bundle, tools):
    """Its exit code cannot be relied on, its summary can."""
    command = ["node", (tools.modules / ".bin/rdformat-validator").resolve()]
    done = tools.run([*command, "--strict", "--no-extra-fields", "--format", "json", "x.json"], x_json=bundle.outputs["rdjson"])
    try:
        summary = json.loads(done.stdout)
    except ValueError:
        return [done.stdout + done.stderr]
    fine = summary["success"] and summary["validFiles"] == 1 and not summary["totalErrors"] and not summary["totalWarnings"]
    return [] if fine else [done.stdout]


def rdjson_places(bundle, tools):
    """Columns count UTF-8 bytes and are the places of JSON."""
    diagnostics = json.loads(bundle.outputs["rdjson"])["diagnostics"]
    complaints = difference("message", [f["message"] for f in bundle.findings], [d["message"] for d in diagnostics])
    for finding, diagnostic in zip(bundle.findings, diagnostics):
        text = bundle.sources.get(diagnostic["location"]["path"])
        for end in ["start", "end"]:
            place = diagnostic["location"]["range"][end]
            if text is not None and places.at_offset(text, finding[end]["offset"]) != places.index(
                text, place["line"], place["column"], "utf-8"
            ):
                complaints.append(f"{diagnostic['location']}")
    return complaints


def shown(text):
    """A text on one line, with nothing that steers a terminal."""
    text = re.sub("[\t\n\r\v\f\x85\u2028\u2029]", " ", text)
    return re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "\ufffd", text)


def concise(bundle, tools):
    lines = bundle.outputs["concise"].split("\n")
    found = tools.node("matcher", lines=lines[:-1], regexp=CONCISE)
    wanted = []
    for f in bundle.findings:
        start = f["start"]
        wanted.append([shown(f["file"]), start["line"], start["column"], f["severity"], f["rule"], shown(f["message"])])
    return difference("line", wanted, found) + ([] if lines[-1] == "" else ["the last line does not end"])
