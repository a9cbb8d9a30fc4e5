"""Reads what tricep writes with software that others wrote, and shows that each check can fail.

Run it with `tests/formats/run`.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import checks
import corpus
from corpus import FORMATS


def in_json(edit):
    """A mutation of a document."""

    def mutate(text):
        document = json.loads(text)
        edit(document)
        return json.dumps(document, ensure_ascii=False)

    return mutate


def in_result(edit):
    return in_json(lambda log: edit(log["runs"][0]["results"][0]))


def replaced(old, new, count=-1):
    def mutate(text):
        assert old in text, f"{old!r} is not in the output"
        return text.replace(old, new, count)

    return mutate


def region(result):
    return result["locations"][0]["physicalLocation"]["region"]


def shift(place, key, by=1):
    place[key] += by


def artifact(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


# Each check with the mutations that it must notice: the output to spoil, and how.
CHECKS = [
    (checks.one_document, [(f, lambda text: text + text) for f in ["json", "sarif", "gitlab", "rdjson"]]),
    (checks.sarif_schema, [("sarif", in_json(lambda log: log.pop("version")))]),
    (
        checks.sarif_multitool,
        [
            ("sarif", in_result(lambda r: artifact(r).update(uri="/" + artifact(r)["uri"]))),
            ("sarif", in_json(lambda log: log["runs"][0]["artifacts"].append(log["runs"][0]["artifacts"][0]))),
            ("sarif", in_json(lambda log: log.update({"$schema": "https://example.org/sarif-2.1.0-rtm.6.json"}))),
        ],
    ),
    (checks.sarif_summary, [("sarif", in_json(lambda log: log["runs"][0]["results"].pop()))]),
    (
        checks.sarif_rules,
        [
            ("sarif", in_result(lambda r: shift(r, "ruleIndex"))),
            ("sarif", replaced('"security-severity": "', '"security-severity-": "')),
        ],
    ),
    (
        checks.sarif_results,
        [
            ("sarif", in_result(lambda r: shift(region(r), "endColumn"))),
            ("sarif", in_result(lambda r: r["message"].update(text="x"))),
            ("sarif", replaced("%20", "+")),
            ("sarif", replaced(":2\"", ":1\"")),
        ],
    ),
    (checks.sarif_snippets, [("sarif", in_result(lambda r: shift(region(r), "startColumn")))]),
    (
        checks.json_places,
        [
            ("json", in_json(lambda d: shift(d["findings"][0]["start"], "offset"))),
            ("json", in_json(lambda d: shift(d["findings"][-1]["end"], "column"))),
        ],
    ),
    *[
        (
            check,
            [
                ("json", in_json(lambda d: d["findings"][0].update(new=1))),
                ("json", in_json(lambda d: d["findings"][0].pop("aliases"))),
                ("json", in_json(lambda d: d["summary"].update(files="3"))),
                ("jsonl", replaced('{"version":1,', '{"version":2,', 1)),
                ("jsonl", replaced('"outcome":"pass"', '"outcome":"fine"')),
            ],
        )
        for check in [checks.json_schema, checks.json_ajv]
    ],
    (checks.json_lines, [("jsonl", lambda text: text[:-1]), ("jsonl", replaced("\n", "\n" + "{}\n", 1))]),
    (
        checks.github,
        [
            ("github", replaced("%0A", "\n", 1)),
            ("github", replaced("%2C", ",", 1)),
            ("github", replaced("%25", "%", 1)),
            ("github", lambda text: text[text.index("\n") + 1 :]),
        ],
    ),
    (
        checks.azure,
        [
            ("azure", replaced("%AZP25", "%", 1)),
            ("azure", replaced("%3B", ";", 1)),
            ("azure", replaced("%5D", "]", 1)),
            ("azure", lambda text: "x ##vso[task.complete]\n" + text),
        ],
    ),
    (
        checks.junit_parser,
        [("junit", replaced("<skipped ", "<failure ")), ("junit", replaced('failures="', 'failures="1')), ("junit", replaced("😀", "?"))],
    ),
    (checks.junit_html, [("junit", replaced("failure", "skipped"))]),
    (checks.junit_xmllint, [("junit", replaced("&amp;", "&")), ("junit", replaced("&lt;", "<"))]),
    (checks.gitlab_schema, [("gitlab", replaced('"critical"', '"fatal"')), ("gitlab", replaced('"path": "', '"path": "./'))]),
    (checks.gitlab_fingerprints, [("gitlab", in_json(lambda issues: issues.append(issues[0])))]),
    (
        checks.gitlab_codeclimate,
        [
            ("gitlab", in_json(lambda issues: shift(issues[0]["location"]["lines"], "begin"))),
            ("gitlab", in_json(lambda issues: issues.pop())),
        ],
    ),
    (
        checks.rdjson_validator,
        [("rdjson", replaced('"ERROR"', '"FATAL"')), ("rdjson", in_json(lambda d: d["diagnostics"][0].pop("location")))],
    ),
    (checks.rdjson_places, [("rdjson", in_json(lambda d: shift(d["diagnostics"][0]["location"]["range"]["start"], "column")))]),
    (checks.concise, [("concise", replaced("]: ", "] ", 1)), ("concise", replaced(": info[", ": note[", 1))]),
]


def complaints(check, bundle, tools):
    try:
        return check(bundle, tools)
    except Exception as error:  # Output that a reader cannot even open.
        return [f"{type(error).__name__}: {error}"]


def can_fail(check, bundle, tools, mutations):
    """The mutations that the check does not notice."""
    for n, (name, mutate) in enumerate(mutations):
        spoiled = bundle.with_output(name, mutate(bundle.outputs[name]))
        assert spoiled.outputs[name] != bundle.outputs[name], f"{check.__name__}: mutation {n} changes nothing"
        if not complaints(check, spoiled, tools):
            yield f"does not notice mutation {n} of {name}"


def schema_is_no_wider(bundles):
    """Keys of the schema that no output has, for objects that occur."""
    defs = json.loads(checks.SCHEMA.read_text())["$defs"]
    findings = [finding for bundle in bundles for finding in bundle.findings]
    steps = [step for finding in findings for step in finding["trail"] + finding["related"]]
    fixes = [fix for finding in findings for fix in finding["fixes"]]
    edits = [edit for fix in fixes for edit in fix["edits"]]
    for name, found in [("finding", findings), ("step", steps), ("fix", fixes), ("edit", edits)]:
        unused = set(defs[name]["properties"]) - {key for one in found for key in one}
        if found and unused:
            yield f"schema: no {name} has {sorted(unused)}"


def main():
    tools = checks.Tools(Path(sys.argv[1]).resolve())
    target = Path(sys.argv[2]).resolve()
    seeds = [int(seed) for seed in sys.argv[3:]] or [1, 2]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        deployment = corpus.deployment(target / "tricep", folder)
        fuzzed = [corpus.fuzzed(target / "examples/render", folder / str(seed), seed) for seed in seeds]
    bundles = [deployment, *fuzzed]
    print(f"{len(FORMATS)} formats of", ", ".join(f"{b.name} ({len(b.findings)} findings)" for b in bundles))
    for check, mutations in CHECKS:
        started = time.monotonic()
        for bundle in bundles:
            wrong += [f"{check.__name__}, {bundle.name}: {complaint}" for complaint in complaints(check, bundle, tools)[:5]]
        wrong += [f"{check.__name__} {words}" for words in can_fail(check, deployment, tools, mutations)]
        print(f"{check.__name__}: {len(bundles)} outputs, {len(mutations)} mutations, {time.monotonic() - started:.1f} s", flush=True)
    wrong += schema_is_no_wider(bundles)
    metaschema = tools.run([tools.bin / "check-jsonschema", "--check-metaschema", checks.SCHEMA.resolve()])
    wrong += [metaschema.stdout] if metaschema.returncode else []
    for words in wrong:
        print("WRONG:", words[:2000], file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
